import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "snapshots");

/** Compares with `snapshots/<name>.snap`; `UPDATE_SNAPSHOTS=1` writes it instead. Text is kept as it is, anything else as JSON. */
export function assertSnapshot(name: string, value: unknown): void {
  // a name that no formatter takes for its own
  const file = join(FOLDER, `${name}.snap`);
  const text = typeof value === "string" ? `${value}\n` : `${JSON.stringify(value, null, 2)}\n`;
  if (process.env["UPDATE_SNAPSHOTS"] === "1") {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `There is no snapshot ${name}: run the test once with UPDATE_SNAPSHOTS=1.`);
  assert.equal(text, readFileSync(file, "utf8"));
}
