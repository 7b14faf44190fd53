import assert from "node:assert/strict";
import { it } from "node:test";

import { ReviewSet } from "../../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../../lib/src/data/snippets";
import type { Check } from "../../../../lib/src/diagnosis/check";
import { diagnose } from "../../../../lib/src/diagnosis/diagnose";
import type { CheckResult } from "../../../../lib/src/diagnosis/diagnosis-report";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { specToText } from "../../../../lib/src/runtime/presentation-text";

/** A set of these labels, with texts that differ. */
export function setOf(
  labels: readonly number[],
  options: { id2label?: Readonly<Record<number, string>>; text?: (row: number) => string } = {},
): ReviewSet {
  const { id2label = SENTIMENT, text = (row) => `the film of row ${row} is as good as any` } = options;
  return new ReviewSet(
    "set",
    labels.map((label, row) => ({ text: text(row), label })),
    id2label,
  );
}

/** So many rows of each label, one label after the other. */
export function sorted(...counts: readonly number[]): number[] {
  return counts.flatMap((count, label) => new Array<number>(count).fill(label));
}

/** So many rows of each label, one label after the other as long as there are some of both. */
export function alternating(...counts: readonly number[]): number[] {
  const rows = Array.from({ length: Math.max(...counts) }, (_, turn) => turn);
  return rows.flatMap((turn) => counts.flatMap((count, label) => (turn < count ? [label] : [])));
}

/** What one check says. */
export async function ask(check: Check, subject: Subject): Promise<CheckResult> {
  const report = await diagnose(subject, { checks: [check] });
  const result = report.result(check.name);
  assert.ok(result, `${check.name} was not asked`);
  assert.ok(!result.found.startsWith("This could not be answered"), result.found);
  assertClear(result);
  return result;
}

const HUNDRED = Object.fromEntries(Array.from({ length: 100 }, (_, label) => [label, `class ${label}`]));
const ODD_TEXTS = [
  ..."|\u0000|\ud800|\udc00 b|😀|x\u0000y z".split("|"),
  ...["x".repeat(1_000_000), "some words ".repeat(100_000)],
];

/** Sets that are unlike any that somebody trains on, by what is odd about them. */
export const ODD_SETS: Readonly<Record<string, ReviewSet>> = {
  "no rows": setOf([]),
  "one row": setOf([1]),
  "two rows": setOf([1, 0]),
  "one class": setOf(sorted(40)),
  "one class in all": setOf(sorted(40), { id2label: { 0: "ONLY" } }),
  "a hundred classes": setOf(
    Array.from({ length: 500 }, (_, row) => (row * 37) % 100),
    { id2label: HUNDRED },
  ),
  "identical texts": setOf(alternating(30, 30), { text: () => "the same again" }),
  "odd texts": setOf(alternating(24, 24), { text: (row) => ODD_TEXTS[row % ODD_TEXTS.length] ?? "" }),
};

/** Tests that a check answers clearly whatever the sets are: each odd set in each place, beside the others. */
export function answersClearly(check: Check, more: () => Subject | Promise<Subject> = () => ({})): void {
  for (const [odd, train] of Object.entries(ODD_SETS)) {
    it(`answers clearly for ${odd}`, async () => {
      const rest = await more();
      for (const other of Object.values(ODD_SETS))
        await ask(check, { ...rest, train, validation: other, test: train, incoming: other });
    });
  }
}

/** No number that is none, and nothing in words that a reader would stumble over. */
function assertClear(result: CheckResult): void {
  assert.ok(result.found.length > 0 && result.found.length < 1_000, result.found);
  assert.ok(result.verdict === "pass" || result.advice, `${result.verdict} without advice: ${result.found}`);
  assertFinite(result, result.name);
  for (const spec of result.evidence ?? []) assert.doesNotMatch(specToText(spec), /NaN|Infinity|undefined/u);
}

function assertFinite(value: unknown, path: string): void {
  if (typeof value === "number") assert.ok(Number.isFinite(value), `${path} is ${value}`);
  if (typeof value === "string") assert.doesNotMatch(value, /NaN|Infinity|undefined/u, path);
  if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value)) assertFinite(inner, `${path}.${name}`);
}
