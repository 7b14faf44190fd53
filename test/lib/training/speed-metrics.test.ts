import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isSpeedMetric, speedMetrics } from "../../../lib/src/training/speed-metrics";

describe("speed metrics", () => {
  it("are rounded as transformers does", () => {
    // speed_metrics("eval", start, num_samples=100, num_steps=7) after 3.00049 seconds
    assert.deepEqual(speedMetrics({ seconds: 3.00049, samples: 100, steps: 7 }), {
      runtime: 3.0005,
      samples_per_second: 33.328,
      steps_per_second: 2.333,
    });
    assert.deepEqual(speedMetrics({ seconds: 0, samples: 1, steps: 1 }), { runtime: 0 });
  });

  it("are known by their names, whatever the prefix", () => {
    const names = ["runtime", "eval_runtime", "train_samples_per_second", "test_steps_per_second"];
    assert.deepEqual(names.filter(isSpeedMetric), names);
    assert.deepEqual(["loss", "eval_loss", "runtimes", "step", "eval_accuracy"].filter(isSpeedMetric), []);
  });
});
