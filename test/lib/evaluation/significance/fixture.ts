import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

const FIXTURE = path.resolve(__dirname, "../../../fixtures/significance.json");
const fixture = JSON.parse(readFileSync(FIXTURE, "utf8")) as Record<string, unknown>;

/** What scipy and statsmodels computed, see test/fixtures/make_significance_fixtures.py. */
export function referenceCases(name: string): unknown {
  assert.ok(name in fixture, `${name} is not in the fixture`);
  return fixture[name];
}

/** To 1e-6 of 1, and to as much of the value itself where that is smaller: a p-value of 1e-29 is to have six digits too. */
export function assertClose(found: number, expected: number, what: string): void {
  const tolerance = expected === 0 ? 1e-12 : 1e-6 * Math.min(1, Math.abs(expected));
  assert.ok(Math.abs(found - expected) <= tolerance, `${what}: ${found}, not ${expected}`);
}
