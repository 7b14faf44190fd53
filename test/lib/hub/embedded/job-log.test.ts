import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JobLog } from "../../../../lib/src/hub/embedded/job-log";
import { jobSpec } from "../../../../lib/src/hub/embedded/job-spec";
import { JobStore } from "../../../../lib/src/hub/embedded/job-store";

function linesOf(log: JobLog): string[] {
  const lines: string[] = [];
  log.read({ onLine: ({ data }) => lines.push(data), onEnd: () => undefined }, undefined)();
  return lines;
}

describe("the log of a job", () => {
  it("is bounded in bytes, not in characters, and says so once", () => {
    const log = new JobLog([]);
    for (let count = 0; count < 2_000; count += 1) log.write("\u{20ac}".repeat(20_000));
    const lines = linesOf(log);
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    assert.ok(bytes < 8 * 1_024 ** 2 + 1_000, String(bytes));
    assert.deepEqual(new Set(lines.slice(0, -1)), new Set(["\u{20ac}".repeat(10_000)]));
    assert.match(lines.at(-1) ?? "", /^The rest of the log was not kept: /);
  });

  it("is bounded in lines", () => {
    const log = new JobLog([]);
    for (let count = 0; count < 100_010; count += 1) log.write("");
    assert.equal(linesOf(log).length, 100_001);
  });

  it("is forgotten of all but the last jobs that have ended", async () => {
    const store = new JobStore({ isAllowed: true });
    const spec = jobSpec({ dockerImage: "x", command: ["true"] });
    for (let count = 0; count < 22; count += 1) await store.run(spec).ended;
    const [newest, oldest] = [store.list()[0], store.list().at(-1)];
    assert.ok(newest && oldest);
    assert.match(linesOf(newest.log)[0] ?? "", /^===== Job started/);
    assert.equal(linesOf(oldest.log).length, 1);
    assert.match(linesOf(oldest.log)[0] ?? "", /keeps the logs of the last 20 jobs/);
  });
});
