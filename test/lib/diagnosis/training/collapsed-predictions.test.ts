import assert from "node:assert/strict";
import { after, describe, it } from "node:test";

import { collapsedPredictions } from "../../../../lib/src/diagnosis/training/collapsed-predictions";
import type { SequenceClassificationModel } from "../../../../lib/src/model/sequence-classification-model";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { wordModel } from "../behaviour/word-model";
import { alternating, ask, setOf, sorted } from "../data/odd-sets";
import { answersClearlyOf, changing, TOKENIZER } from "./tiny-subject";

const made: SequenceClassificationModel[] = [];
function modelOf(params: { bias?: number; change?: (model: SequenceClassificationModel) => void } = {}) {
  const { change, ...rest } = params;
  const model = wordModel(TOKENIZER, { praise: ["good"], blame: ["bad"], ...rest });
  change?.(model);
  made.push(model);
  return model;
}
after(() => {
  for (const model of made) model.dispose();
});
const healthy = modelOf();

/** As many of each label, of which so many of the second label read like the first. */
function test(rows: number, swallowed: number) {
  const text = (row: number) => (row % 2 === 0 || row < 2 * swallowed ? "a bad film" : "a good film");
  return setOf(alternating(rows / 2, rows / 2), { text });
}
const plain = test(100, 0);

describe("collapsed-predictions", () => {
  it("passes a model that tells texts apart", async () => {
    const subject = { test: test(100, 5), model: healthy, tokenizer: TOKENIZER };
    const { verdict, found, numbers, evidence } = await ask(collapsedPredictions, subject);
    assert.equal(verdict, "pass");
    assert.match(found, /^Answers differ from text to text/u);
    assert.equal(numbers?.["swallowed"], 0.1);
    assert.equal(evidence?.length, 1);
  });

  it("warns of a label that swallows most of the other, and fails one that swallows all", async () => {
    const ofSwallowed = (count: number) =>
      ask(collapsedPredictions, { test: test(100, count), model: healthy, tokenizer: TOKENIZER });
    const warned = await ofSwallowed(30);
    assert.equal(warned.verdict, "warn");
    assert.match(
      warned.found,
      /^The model calls 80\.0 % of set NEGATIVE where 50\.0 % are, and so 60\.0 % \(/u,
    );
    const failed = await ofSwallowed(49);
    assert.equal(failed.verdict, "fail");
    assert.equal(failed.evidence?.[1]?.kind, "chart");
  });

  it("passes a model whose names are exchanged: it tells texts apart", async () => {
    const exchanged = wordModel(TOKENIZER, { praise: ["bad"], blame: ["good"] });
    made.push(exchanged);
    const { verdict, numbers } = await ask(collapsedPredictions, {
      ...{ test: test(100, 5), model: exchanged, tokenizer: TOKENIZER },
    });
    assert.equal(numbers?.["swallowed"], 1);
    assert.equal(verdict, "pass");
  });

  it("fails a head that is pushed to one label", async () => {
    const { verdict } = await ask(collapsedPredictions, {
      ...{ test: plain, tokenizer: TOKENIZER },
      model: modelOf({ bias: 1_000 }),
    });
    assert.equal(verdict, "fail");
  });

  it("fails probabilities that hardly vary, and tells that they are the training set's shares", async () => {
    // what the model says of every text is ln 5 to 1: 83.3 %
    const model = modelOf({
      bias: Math.log(5),
      change: changing(/^classifier\.weight$/u, (values) => tf.mul(values, 1e-3)),
    });
    const subject = { test: plain, model, tokenizer: TOKENIZER };
    const { found } = await ask(collapsedPredictions, { ...subject, train: setOf(sorted(50, 10)) });
    assert.match(found, /^The model calls 100\.0 % of set NEGATIVE/u);
    const flat = modelOf({ change: changing(/^classifier\.weight$/u, (values) => tf.mul(values, 1e-3)) });
    const finding = await ask(collapsedPredictions, {
      ...subject,
      ...{ model: flat, train: setOf(sorted(32, 28)) },
    });
    assert.equal(finding.verdict, "fail");
    assert.match(finding.found, /about 50\.\d %, which is the share of that label in the training set/u);
  });

  it("asks about the training set where the held-out set has one label", async () => {
    const subject = { test: setOf(sorted(30)), train: plain.rename("train"), tokenizer: TOKENIZER };
    const failed = await ask(collapsedPredictions, { ...subject, model: modelOf({ bias: 1_000 }) });
    assert.equal(failed.verdict, "fail");
    assert.match(failed.found, /of 100 rows of train NEGATIVE/u);
    assert.equal((await ask(collapsedPredictions, { ...subject, model: healthy })).verdict, "pass");
    const open = await ask(collapsedPredictions, { ...subject, train: setOf(sorted(30)), model: healthy });
    assert.equal(open.verdict, "warn");
    assert.match(open.found, /one label alone/u);
  });

  it("fails a model that says no number", async () => {
    const model = modelOf({ change: changing(/^classifier\.bias$/u, (values) => tf.mul(values, NaN)) });
    const { verdict, found } = await ask(collapsedPredictions, { test: plain, model, tokenizer: TOKENIZER });
    assert.equal(verdict, "fail");
    assert.match(found, /^To 100 texts of 100 the model answers with what is no number/u);
  });

  answersClearlyOf(collapsedPredictions, (set) => ({
    ...{ test: set, train: set, model: healthy, tokenizer: TOKENIZER, maxLength: 16 },
  }));
});
