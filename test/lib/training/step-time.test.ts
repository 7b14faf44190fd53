import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, InterruptedError } from "../../../lib/src/runtime/errors";
import { setProgressFactory } from "../../../lib/src/runtime/progress";
import { collate } from "../../../lib/src/tokenization/collator";
import { StepTimes, timePredictions, timeSteps } from "../../../lib/src/training/step-time";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const scratch = path.join(folder, "scratch");
const model = DistilBertForSequenceClassification.fromFolder(writeTinyModel(path.join(folder, "model")));
const FLAG = Symbol.for("jupyter.interrupt");
afterEach(() => {
  setProgressFactory(undefined);
  Reflect.deleteProperty(globalThis, FLAG);
});
after(() => {
  model.dispose();
});
const variants = {
  dynamic: [collate(tinyFeatures(4, 1), 0), collate(tinyFeatures(6, 2), 0)],
  fixed: [collate(tinyFeatures(4, 1), 0, { padToLength: 16 })],
};

describe("timed steps", () => {
  it("take turns, and leave the model and the count of tensors as they were", async () => {
    const turns: (string | undefined)[] = [];
    setProgressFactory(({ total }) => ({
      update: (done, note) => turns.push(`${done}/${total} ${note}`),
      end: () => turns.push("end"),
    }));
    const [before, bytes] = [tensorCounts(), weightBytes(model, scratch)];
    const { times } = await timeSteps({ model, variants, rounds: 2 });
    assert.deepEqual(turns, [
      ...["1/6 dynamic", "2/6 fixed", "3/6 dynamic"],
      ...["4/6 dynamic", "5/6 fixed", "6/6 dynamic"],
      "end",
    ]);
    assert.deepEqual(
      times.map(({ variant }) => variant),
      ["dynamic", "fixed"],
    );
    for (const { fastestMs, medianMs, textsPerSecond, ratio } of times) {
      assert.ok(fastestMs > 0 && medianMs >= fastestMs, `${fastestMs} ${medianMs}`);
      assert.ok(textsPerSecond > 0 && ratio > 0, `${textsPerSecond} ${ratio}`);
    }
    assert.deepEqual(tensorCounts(), before);
    assert.deepEqual(weightBytes(model, scratch), bytes);
  });

  it("are stopped between two, and leave nothing", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    let updates = 0;
    setProgressFactory(() => ({
      update: () => {
        updates += 1;
        flag.requested = true;
      },
      end: () => undefined,
    }));
    const before = tensorCounts();
    await assert.rejects(timeSteps({ model, variants, rounds: 3 }), InterruptedError);
    assert.equal(updates, 1);
    assert.deepEqual(tensorCounts(), before);
  });

  it("of nothing, or in an order that is not the reader's, are refused", async () => {
    const refused = async (change: Partial<Parameters<typeof timeSteps>[0]>, message: string) => {
      await assert.rejects(timeSteps({ model, variants, rounds: 1, ...change }), new ArgumentError(message));
    };
    await refused({ variants: {} }, "There are 0 variants to time; expected at least one.");
    await refused({ variants: { none: [] } }, 'The variant "none" has 0 batches; expected at least one.');
    await refused(
      { variants: { bare: [collate([{ inputIds: [1] }], 0)] } },
      'Batch 0 of "bare" has no labels, which a training step needs.',
    );
    await refused(
      { variants: { dynamic: variants.dynamic, 64: variants.fixed } },
      'A variant is named "64"; expected a word in it: JavaScript puts numbers before all other names.',
    );
    for (const rounds of [0, 1.5, NaN])
      await refused({ rounds }, `rounds is ${rounds}; expected a whole number above 0.`);
  });
});

describe("steps of several models", () => {
  const other = DistilBertForSequenceClassification.fromFolder(path.join(folder, "model"));
  after(() => {
    other.dispose();
  });
  const batches = [collate(tinyFeatures(4, 1), 0)];
  const params = { model: { one: model, other }, variants: { one: batches, other: batches }, rounds: 2 };

  for (const [what, time] of Object.entries({ steps: timeSteps, predictions: timePredictions }))
    it(`take turns, and leave nothing: ${what}`, async () => {
      const turns: (string | undefined)[] = [];
      setProgressFactory(({ unit }) => ({
        update: (_, note) => turns.push(`${unit} ${note}`),
        end: () => undefined,
      }));
      const before = tensorCounts();
      const bytes = [model, other].map((one) => weightBytes(one, scratch));
      const { times } = await time(params);
      assert.deepEqual(turns, [`${what} one`, `${what} other`, `${what} one`, `${what} other`]);
      assert.deepEqual(
        times.map(({ variant, fastestMs }) => [variant, fastestMs > 0]),
        [
          ["one", true],
          ["other", true],
        ],
      );
      assert.deepEqual(tensorCounts(), before);
      assert.deepEqual(
        [model, other].map((one) => weightBytes(one, scratch)),
        bytes,
      );
    });

  it("need a model each; predictions need no labels", async () => {
    for (const time of [timeSteps, timePredictions])
      await assert.rejects(
        time({ ...params, model: { one: model } }),
        new ArgumentError('There is no model for the variant "other".'),
      );
    const unlabelled = { one: [collate([{ inputIds: [1, 2] }], 0)] };
    assert.equal((await timePredictions({ model, variants: unlabelled, rounds: 1 })).times.length, 1);
  });
});

describe("the times of steps", () => {
  it("are the means over batches of the fastest and the median round of each, compared by text", () => {
    const { times } = new StepTimes({
      one: [
        { texts: 10, milliseconds: [30, 10, 20] },
        { texts: 10, milliseconds: [90, 30, 50, 70] },
      ],
      half: [{ texts: 5, milliseconds: [20] }],
    });
    assert.deepEqual(times, [
      { variant: "one", fastestMs: 20, medianMs: 40, textsPerSecond: 500, ratio: 1 },
      { variant: "half", fastestMs: 20, medianMs: 20, textsPerSecond: 250, ratio: 2 },
    ]);
  });

  it("are shown as a table", () => {
    const { columns, rows } = new StepTimes({ one: [{ texts: 1, milliseconds: [2] }] }).present();
    assert.deepEqual(columns, ["variant", "fastest ms", "median ms", "texts/s", "ratio"]);
    assert.deepEqual(rows, [["one", 2, 2, 500, 1]]);
  });
});
