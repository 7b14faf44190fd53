import assert from "node:assert/strict";
import { after, describe, it } from "node:test";

import { constantAnswer } from "../../../../lib/src/diagnosis/training/constant-answer";
import { wordModel } from "../behaviour/word-model";
import { alternating, ask, setOf, sorted } from "../data/odd-sets";
import { answersClearlyOf, TOKENIZER } from "./tiny-subject";

const model = wordModel(TOKENIZER, { praise: ["good"], blame: ["bad"] });
after(() => {
  model.dispose();
});

/** Half of each label, of which the model is right so often; the labels take turns, and so do its errors. */
function heldOut(rows: number, right: number) {
  const wrong = rows - right;
  const text = (row: number) => ((row % 2 === 0) === row >= wrong ? "a bad film" : "a good film");
  return setOf(alternating(rows / 2, rows / 2), { text });
}

const answered = (rows: number, right: number) =>
  ask(constantAnswer, { test: heldOut(rows, right), model, tokenizer: TOKENIZER });

describe("constant-answer", () => {
  it("passes a set of which no answer has the most, and says what one scores", async () => {
    const { verdict, found, numbers } = await ask(constantAnswer, { validation: setOf(sorted(30, 20)) });
    assert.equal(verdict, "pass");
    assert.equal(found, "On set (50 rows) always saying NEGATIVE scores an accuracy of 60.0 %.");
    assert.deepEqual(numbers, { constantAccuracy: 0.6, constantBalancedAccuracy: 0.5 });
  });

  it("fails a set of one label, whatever the other is", async () => {
    const { verdict, found } = await ask(constantAnswer, {
      validation: setOf(sorted(300)).rename("validation"),
      test: setOf(sorted(30, 30)),
    });
    assert.equal(verdict, "fail");
    assert.match(found, /^validation has one label alone in 300 rows, .*NEGATIVE.* 100\.0 %\.$/u);
  });

  it("warns of a set on which a constant answer scores 90 %, and not of 89 %", async () => {
    const warned = await ask(constantAnswer, { validation: setOf(sorted(10, 90)) });
    assert.equal(warned.verdict, "warn");
    assert.match(warned.found, /always saying POSITIVE scores an accuracy of 90\.0 %/u);
    assert.equal((await ask(constantAnswer, { validation: setOf(sorted(11, 89)) })).verdict, "pass");
  });

  it("passes a model that is better than any constant answer", async () => {
    const { verdict, found, numbers } = await answered(100, 80);
    assert.equal(verdict, "pass");
    assert.match(found, /^A constant answer scores 50\.0 %, and the model's accuracy on set is 80\.0 %/u);
    assert.equal(numbers?.["modelAccuracy"], 0.8);
    assert.ok(Math.abs((numbers["gain"] ?? 0) - 0.6) < 1e-12);
  });

  it("fails a model that is no better, or not by more than chance", async () => {
    for (const right of [30, 50, 56]) {
      const { verdict, found } = await answered(100, right);
      assert.equal(verdict, "fail", found);
    }
  });

  it("warns of a model that is better by next to nothing, though it is no chance", async () => {
    const { verdict, numbers } = await answered(1_000, 580);
    assert.equal(verdict, "warn");
    assert.ok((numbers?.["pValue"] ?? 1) < 0.01 && (numbers?.["gain"] ?? 1) < 0.2);
  });

  it("warns where the rows are too few to tell", async () => {
    const { verdict, advice } = await answered(10, 8);
    assert.equal(verdict, "warn");
    assert.match(advice ?? "", /more rows/u);
  });

  it("counts a label that the model lacks as wrong", async () => {
    const test = setOf(sorted(0, 0, 40, 20), {
      id2label: { 0: "BAD", 1: "GOOD", 2: "NEGATIVE", 3: "MIXED" },
    });
    const { verdict, numbers } = await ask(constantAnswer, { test, model, tokenizer: TOKENIZER });
    assert.equal(verdict, "fail");
    assert.ok((numbers?.["modelAccuracy"] ?? 1) <= 2 / 3);
  });

  answersClearlyOf(constantAnswer, (set) => ({ test: set, model, tokenizer: TOKENIZER, maxLength: 16 }));
});
