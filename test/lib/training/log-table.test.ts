import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LogTable } from "../../../lib/src/training/log-table";

describe("a run's log as a table", () => {
  it("has a row for each step and a column for each metric, a dash where there is none; no times", () => {
    const log = [
      { step: 2, epoch: 0.5, loss: 0.7, learning_rate: 1e-3 },
      { step: 2, epoch: 0.5, eval_loss: 0.6, eval_accuracy: 1, eval_runtime: 2, eval_steps_per_second: 3 },
      { step: 4, epoch: 1, loss: 0.5 },
      { step: 5, epoch: 1.25, train_loss: 0.6, train_runtime: 9 },
    ];
    assert.deepEqual(new LogTable(log).present(), {
      kind: "table",
      columns: ["step", "loss", "eval_loss", "eval_accuracy"],
      rows: [
        [2, 0.7, 0.6, 1],
        [4, 0.5, null, null],
      ],
      format: { loss: 3, eval_loss: 3, eval_accuracy: 3 },
    });
    assert.deepEqual(new LogTable([]).present().rows, []);
  });
});
