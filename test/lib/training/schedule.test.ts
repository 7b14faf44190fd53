import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { linearLearningRate, planSteps } from "../../../lib/src/training/schedule";
import { trainingArguments, type TrainingArguments } from "../../../lib/src/training/training-arguments";

const plan = (given: Partial<TrainingArguments>, examples: number) =>
  planSteps(trainingArguments({ outputDir: "out", ...given }), examples);

describe("a plan of steps", () => {
  it("counts a smaller last batch, and rounds a part of an epoch up", () => {
    const due = { loggingSteps: 500, evalSteps: 500, saveSteps: 500 };
    assert.deepEqual(plan({}, 17), { stepsPerEpoch: 3, totalSteps: 9, warmupSteps: 0, epochs: 3, ...due });
    assert.deepEqual(plan({ perDeviceTrainBatchSize: 4, numTrainEpochs: 1 }, 3000), {
      ...{ stepsPerEpoch: 750, totalSteps: 750, warmupSteps: 0, epochs: 1 },
      ...due,
    });
    assert.equal(plan({ numTrainEpochs: 1.5 }, 17).epochs, 2);
    assert.equal(plan({ numTrainEpochs: 0.5 }, 17).totalSteps, 2);
    assert.equal(plan({ numTrainEpochs: 0.01 }, 17).totalSteps, 1);
  });

  it("counts updates where gradients are accumulated, the last of an epoch from fewer batches", () => {
    // 17 examples in batches of 8: 3 batches
    const steps = (gradientAccumulationSteps: number) => {
      const { stepsPerEpoch, totalSteps } = plan({ gradientAccumulationSteps }, 17);
      return [stepsPerEpoch, totalSteps];
    };
    assert.deepEqual([1, 2, 3, 4].map(steps), [
      [3, 9],
      [2, 6],
      [1, 3],
      [1, 3],
    ]);
    assert.equal(plan({ gradientAccumulationSteps: 2, numTrainEpochs: 0.5 }, 17).totalSteps, 1);
    assert.equal(plan({ gradientAccumulationSteps: 2, maxSteps: 5 }, 17).totalSteps, 5);
    assert.equal(plan({ gradientAccumulationSteps: 2, warmupSteps: 0.5 }, 17).warmupSteps, 3);
  });

  it("lets maxSteps override the epochs, to more or fewer", () => {
    assert.equal(plan({ maxSteps: 2 }, 17).totalSteps, 2);
    assert.equal(plan({ maxSteps: 100 }, 17).totalSteps, 100);
    assert.equal(plan({ maxSteps: 0 }, 17).totalSteps, 9);
  });

  it("leaves a smaller last batch out where it is dropped, and refuses a set of nothing else", () => {
    const dropped = (examples: number) => plan({ dataloaderDropLast: true }, examples).stepsPerEpoch;
    assert.deepEqual([dropped(17), dropped(16), dropped(8)], [2, 2, 1]);
    assert.throws(
      () => dropped(7),
      new ArgumentError(
        "dataloaderDropLast leaves nothing of 7 examples in batches of 8; expected a perDeviceTrainBatchSize of at most 7.",
      ),
    );
  });

  it("takes what is due every so many steps below 1 as a share of all steps, rounded up (compute_steps)", () => {
    const due = (given: Partial<TrainingArguments>) => {
      const { loggingSteps, evalSteps, saveSteps } = plan({ maxSteps: 45, ...given }, 17);
      return [loggingSteps, evalSteps, saveSteps];
    };
    assert.deepEqual(due({}), [500, 500, 500]);
    assert.deepEqual(due({ loggingSteps: 0.1, saveSteps: 0.5 }), [5, 5, 23]);
    assert.deepEqual(due({ loggingSteps: 1, evalSteps: 0.999, saveSteps: 7 }), [1, 45, 7]);
  });

  it("takes a warm-up below 1 as a share, rounded up, and from 1 on as steps, rounded down (get_warmup_steps)", () => {
    const warmup = (warmupSteps: number, maxSteps = 100) => plan({ warmupSteps, maxSteps }, 17).warmupSteps;
    assert.deepEqual(
      [0, 0.1, 0.101, 0.999].map((share) => warmup(share)),
      [0, 10, 11, 100],
    );
    assert.deepEqual(
      [1, 10, 2.7, 200].map((steps) => warmup(steps)),
      [1, 10, 2, 200],
    );
    assert.equal(warmup(0.1, 9), 1);
  });
});

describe("the linear schedule", () => {
  const rates = (totalSteps: number, warmupSteps: number, steps = totalSteps) =>
    Array.from({ length: steps }, (_, step) =>
      linearLearningRate({ peak: 1, step, plan: { totalSteps, warmupSteps } }),
    );

  it("falls from the peak to just above 0", () => {
    assert.deepEqual(rates(4, 0), [1, 0.75, 0.5, 0.25]);
  });

  it("rises from 0 over the warm-up, then falls", () => {
    // _get_linear_schedule_with_warmup_lr_lambda by hand: step / 2, then (6 - step) / 4
    assert.deepEqual(rates(6, 2), [0, 0.5, 1, 0.75, 0.5, 0.25]);
  });

  it("scales with the peak and stays at 0 when it is over", () => {
    const over = { totalSteps: 4, warmupSteps: 0 };
    assert.equal(linearLearningRate({ peak: 5e-5, step: 1, plan: over }), 5e-5 * 0.75);
    assert.deepEqual(rates(2, 0, 4), [1, 0.5, 0, 0]);
  });

  it("only rises where the warm-up is as long as the run or longer", () => {
    assert.deepEqual(rates(2, 2), [0, 0.5]);
    assert.deepEqual(rates(2, 4), [0, 0.25]);
  });
});
