import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epochBatches, epochUpdates } from "../../../lib/src/training/sampler";
import { trainingArguments, type TrainingArguments } from "../../../lib/src/training/training-arguments";

const batches = (given: Partial<TrainingArguments>, epoch = 0, examples = 17) =>
  epochBatches(trainingArguments({ outputDir: "out", ...given }), examples, epoch);
const all = [...new Array(17).keys()];

describe("the batches of an epoch", () => {
  it("hold every example once, the last batch the rest", () => {
    const found = batches({});
    assert.deepEqual(
      found.map(({ length }) => length),
      [8, 8, 1],
    );
    assert.deepEqual(
      found.flat().sort((left, right) => left - right),
      all,
    );
    assert.deepEqual(
      batches({}, 0, 8).map(({ length }) => length),
      [8],
    );
  });

  it("come in an order of their own for every seed and epoch, the same when asked again", () => {
    const first = batches({});
    assert.deepEqual(batches({}), first);
    assert.notDeepEqual(batches({}, 1), first);
    assert.notDeepEqual(batches({ seed: 7 }), first);
    assert.notDeepEqual(first.flat(), all);
  });

  it("come as the set lies where the strategy is sequential, in every epoch", () => {
    for (const epoch of [0, 1])
      assert.deepEqual(batches({ trainSamplingStrategy: "sequential" }, epoch).flat(), all);
  });
});

describe("the updates of an epoch", () => {
  it("are its batches in order, as many as are accumulated, the last one the rest", () => {
    const args = trainingArguments({
      outputDir: "out",
      perDeviceTrainBatchSize: 3,
      gradientAccumulationSteps: 4,
    });
    const updates = epochUpdates(args, 17, 1);
    assert.deepEqual(
      updates.map((update) => update.map(({ length }) => length)),
      [
        [3, 3, 3, 3],
        [3, 2],
      ],
    );
    assert.deepEqual(updates.flat(), epochBatches(args, 17, 1));
  });
});
