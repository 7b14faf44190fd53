import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { progress } from "../../../lib/src/display/progress";
import { formatDuration, progressLine } from "../../../lib/src/display/progress-line";
import { inKernel } from "./kernel";

const OPTIONS = { total: 100, label: "training", unit: "steps" };

/** Works through the steps on a clock of its own; returns what was written to the stream. */
function work({ isTTY = false, stepMs = 100, steps = 100 }): string {
  let time = 5_000;
  let written = "";
  const stream = { isTTY, write: (text: string) => (written += text) };
  const reporter = progress(OPTIONS, { now: () => time, stream });
  for (let step = 1; step <= steps; step++) {
    time += stepMs;
    reporter.update(step, "loss 0.4");
  }
  reporter.end("done");
  reporter.end("twice");
  reporter.update(1);
  return written;
}

describe("progress in a log", () => {
  it("writes a line every tenth and one at the end", () => {
    const lines = work({}).trimEnd().split("\n");
    const percentages = lines.map((line) => Number(/\((\d+)%\)/u.exec(line)?.[1]));
    assert.deepEqual(percentages, [20, 30, 40, 50, 60, 70, 80, 90, 100]);
    assert.equal(lines[0], "training 20/100 steps (20%), 10.0 steps/s, 2 s, 8 s left, loss 0.4");
    assert.equal(lines.at(-1), "training 100/100 steps (100%), 10.0 steps/s, 10 s, done");
  });

  it("says how far work came that was given up", () => {
    assert.match(work({ steps: 34 }), /training 34\/100 steps \(34%\), 10\.0 steps\/s, 3 s, done\n$/u);
  });

  it("keeps quiet about short work", () => {
    assert.equal(work({ stepMs: 10 }), "");
  });
});

describe("progress in a terminal", () => {
  it("rewrites one line, at most four times a second", () => {
    const written = work({ isTTY: true });
    const rewrites = written.split("\r").length - 1;
    assert.ok(rewrites > 20 && rewrites <= 8 * 4 + 1, `${rewrites} rewrites in 8 seconds`);
    assert.equal(written.split("\n").length, 2);
    assert.ok(written.endsWith("done\u001b[K\n"));
  });
});

describe("progress in a kernel", () => {
  it("updates one output in place", async () => {
    let written = "";
    const shown = await inKernel(() => void (written = work({ isTTY: true })));
    assert.equal(written, "");
    assert.ok(shown.length > 20 && shown.length <= 33, `${shown.length} messages in 8 seconds`);
    assert.deepEqual(
      shown.map(({ options }) => options.update),
      shown.map((_, index) => index > 0),
    );
    assert.equal(new Set(shown.map(({ options }) => options.displayId)).size, 1);
    const last = "training 100/100 steps (100%), 10.0 steps/s, 10 s, done";
    assert.deepEqual(shown.at(-1)?.bundle, { "text/plain": last });
  });
});

describe("a line of progress", () => {
  it("knows no rate and no end before the first step", () => {
    const line = progressLine({ ...OPTIONS, done: 0, elapsedMs: 2_400, last: false });
    assert.equal(line, "training 0/100 steps (0%), 0.00 steps/s, 2 s");
  });

  it("counts what was done before, but not as fast work of its own", () => {
    const line = progressLine({ ...OPTIONS, initial: 50, done: 60, elapsedMs: 10_000, last: false });
    assert.equal(line, "training 60/100 steps (60%), 1.00 steps/s, 10 s, 40 s left");
  });

  it("says durations as a reader does", () => {
    const said = [400, 41_300, 59_700, 185_000, 7_800_000].map(formatDuration);
    assert.deepEqual(said, ["0.4 s", "41 s", "1 min 0 s", "3 min 5 s", "2 h 10 min"]);
  });
});
