import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { formatDuration, progressLine, type ProgressState } from "../../../lib/src/display/progress-line";

describe("a line of progress", () => {
  const state: ProgressState = {
    ...{ total: 100, label: "training", unit: "steps" },
    ...{ done: 40, elapsedMs: 9_000, perSecond: 4.6, leftMs: 13_000, phase: "running" },
    ...{ notes: ["loss 0.412", "epoch 1.20/3"], nested: [] },
  };

  it("tells least what matters least where there is no room", () => {
    const full = "training 40/100 steps (40%), 9 s, 13 s left, loss 0.412, epoch 1.20/3, 4.60 steps/s";
    assert.equal(progressLine(state), full);
    assert.equal(progressLine(state, full.length), full);
    assert.equal(progressLine(state, full.length - 1), full.slice(0, full.lastIndexOf(",")));
    assert.equal(progressLine(state, 50), "training 40/100 steps (40%), 9 s, 13 s left");
    assert.equal(progressLine(state, 12), "training 40/");
  });

  it("says longer times as a clock while they run, and in words at the end", () => {
    const long = { ...state, elapsedMs: 160_000, leftMs: 7_805_000, notes: [] };
    assert.equal(progressLine(long), "training 40/100 steps (40%), 2:40, 2:10:05 left, 4.60 steps/s");
    const over = "training 40/100 steps (40%), 2 min 40 s, 4.60 steps/s";
    assert.equal(progressLine({ ...long, phase: "over" }), over);
  });

  it("knows no rate and no end before the first step", () => {
    const before = { ...state, done: 0, elapsedMs: 2_400, perSecond: 0, leftMs: undefined, notes: [] };
    assert.equal(progressLine(before), "training 0/100 steps (0%), 2 s, 0.00 steps/s");
  });

  it("says durations as a reader does", () => {
    const said = [400, 41_300, 59_700, 185_000, 7_800_000].map(formatDuration);
    assert.deepEqual(said, ["0.4 s", "41 s", "1 min 0 s", "3 min 5 s", "2 h 10 min"]);
  });
});
