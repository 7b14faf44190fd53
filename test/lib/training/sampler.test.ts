import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import type { Feature } from "../../../lib/src/tokenization/collator";
import { epochBatches, epochUpdates, groupedByLength } from "../../../lib/src/training/sampler";
import { trainingArguments, type TrainingArguments } from "../../../lib/src/training/training-arguments";

/** As many texts, of 1 to 10 tokens. */
const texts = (count: number): Feature[] =>
  Array.from({ length: count }, (_, index) => ({
    inputIds: new Array<number>(1 + ((7 * index) % 10)).fill(1),
  }));
const batches = (given: Partial<TrainingArguments>, epoch = 0, examples = 17) =>
  epochBatches(trainingArguments({ outputDir: "out", ...given }), texts(examples), epoch);
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

describe("another seed for the order", () => {
  it("stands in for the run's", () => {
    assert.deepEqual(batches({ dataSeed: 7 }), batches({ seed: 7 }));
    assert.deepEqual(batches({ dataSeed: 0, seed: 7 }), batches({ seed: 0 }));
    assert.deepEqual(batches({ dataSeed: null, seed: 7 }), batches({ seed: 7 }));
  });
});

describe("a last batch that is smaller", () => {
  it("is left out where it is to be, and the updates have what is left", () => {
    const sizes = (given: Partial<TrainingArguments>, examples: number) =>
      batches({ ...given, dataloaderDropLast: true }, 0, examples).map(({ length }) => length);
    assert.deepEqual(sizes({}, 17), [8, 8]);
    assert.deepEqual(sizes({}, 16), [8, 8]);
    assert.deepEqual(sizes({}, 7), []);
    const args = trainingArguments({
      outputDir: "out",
      dataloaderDropLast: true,
      gradientAccumulationSteps: 2,
    });
    const updates = epochUpdates(args, texts(31), 0).map((update) => update.map(({ length }) => length));
    assert.deepEqual(updates, [[8, 8], [8]]);
  });
});

describe("texts grouped by length", () => {
  /** What transformers gives, see test/fixtures/make_sampler_fixtures.py. */
  const cases = JSON.parse(readFileSync(path.join(REPOSITORY, "test/fixtures/sampler.json"), "utf8")) as {
    lengths: number[];
    batchSize: number;
    order: number[];
    grouped: number[];
  }[];

  for (const { grouped, ...params } of cases)
    it(`come in transformers' order: ${grouped.length} texts in batches of ${params.batchSize}`, () => {
      assert.deepEqual(groupedByLength(params), grouped);
    });

  it("are those of the epoch's own order, every one once, with little padding", () => {
    const by = (trainSamplingStrategy: TrainingArguments["trainSamplingStrategy"], epoch = 0) =>
      batches({ trainSamplingStrategy, perDeviceTrainBatchSize: 4 }, epoch, 200);
    const padding = (of: number[][]) => {
      const lengths = texts(200).map(({ inputIds }) => inputIds.length);
      return of
        .map((batch) => batch.map((index) => lengths[index] ?? 0))
        .reduce((sum, each) => sum + each.reduce((lost, length) => lost + Math.max(...each) - length, 0), 0);
    };
    const found = by("group_by_length");
    assert.deepEqual(
      found.flat().sort((left, right) => left - right),
      [...new Array(200).keys()],
    );
    assert.ok(padding(found) < padding(by("random")) / 4, `${padding(found)} of ${padding(by("random"))}`);
    assert.deepEqual(by("group_by_length"), found);
    assert.notDeepEqual(by("group_by_length", 1), found);
  });
});

describe("the updates of an epoch", () => {
  it("are its batches in order, as many as are accumulated, the last one the rest", () => {
    const args = trainingArguments({
      outputDir: "out",
      perDeviceTrainBatchSize: 3,
      gradientAccumulationSteps: 4,
    });
    const updates = epochUpdates(args, texts(17), 1);
    assert.deepEqual(
      updates.map((update) => update.map(({ length }) => length)),
      [
        [3, 3, 3, 3],
        [3, 2],
      ],
    );
    assert.deepEqual(updates.flat(), epochBatches(args, texts(17), 1));
  });
});
