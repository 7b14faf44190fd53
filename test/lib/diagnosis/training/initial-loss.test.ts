import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { initialLoss } from "../../../../lib/src/diagnosis/training/initial-loss";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { alternating, ask, setOf } from "../data/odd-sets";
import { tensorCounts } from "../../training/tiny-run";
import { answersClearlyOf, beginning, changing, outputsOf } from "./tiny-subject";

const train = setOf(alternating(64, 64));
/** A head that knows nothing: what it says of all texts is its bias. */
const withBias = (...bias: number[]) =>
  beginning(train, {
    initializerRange: 1e-3,
    change: changing(/^classifier\.bias$/u, () => tf.tensor1d(bias)),
  });

/** Mean loss of labels in equal shares where one of two logits is larger by so much. */
const lossOf = (bias: number): number => (Math.log1p(Math.exp(bias)) + Math.log1p(Math.exp(-bias))) / 2;

describe("initial-loss", () => {
  it("passes a head that knows nothing", async () => {
    const { verdict, found, numbers } = await ask(initialLoss, withBias(0, 0));
    assert.equal(verdict, "pass");
    assert.match(found, /^A new model begins with a loss of 0\.693 ± .* on 128 texts; ln\(2\) is 0\.693/u);
    assert.ok(Math.abs((numbers?.["loss"] ?? 0) - Math.LN2) < 1e-4);
  });

  it("warns of a head that favours a label, and fails one that is sure of it", async () => {
    const warned = await ask(initialLoss, withBias(0, 1.2));
    assert.equal(warned.verdict, "warn");
    assert.match(warned.found, /it gives POSITIVE 76\.9 % on average\.$/u);
    assert.ok(Math.abs((warned.numbers?.["loss"] ?? 0) - lossOf(1.2)) < 1e-3);
    const failed = await ask(initialLoss, withBias(10, 0));
    assert.equal(failed.verdict, "fail");
    assert.ok(Math.abs((failed.numbers?.["loss"] ?? 0) - lossOf(10)) < 1e-2);
    assert.equal((await ask(initialLoss, withBias(0, 0.5))).verdict, "pass");
  });

  it("gives a huge loss, no infinite one, where a head is wildly sure", async () => {
    const { verdict, numbers } = await ask(initialLoss, withBias(0, 5_000));
    assert.equal(verdict, "fail");
    assert.ok(Math.abs((numbers?.["loss"] ?? 0) - 2_500) < 1);
  });

  it("fails a model of more outputs than there are labels, and asks for as many", async () => {
    const names = { 0: "A", 1: "B", 2: "C", 3: "D", 4: "E" };
    const { verdict, advice, numbers } = await ask(
      initialLoss,
      beginning(train, { id2label: names, initializerRange: 1e-3 }),
    );
    assert.equal(verdict, "fail");
    assert.match(advice ?? "", /2 outputs, one for each label: it has 5\.$/u);
    assert.ok(Math.abs((numbers?.["loss"] ?? 0) - Math.log(5)) < 1e-3);
  });

  it("fails labels that the model has no output for", async () => {
    const id2label = { 0: "NEGATIVE", 1: "POSITIVE", 2: "NEUTRAL" };
    const three = setOf(alternating(5, 5, 2), { id2label });
    const { verdict, found } = await ask(initialLoss, beginning(three));
    assert.equal(verdict, "fail");
    assert.equal(
      found,
      "2 rows of set have a label that the model has no output for: 2 (NEUTRAL); it has 2 outputs, 0 to 1.",
    );
  });

  it("fails a model whose weights are no numbers", async () => {
    const { verdict, found } = await ask(initialLoss, withBias(0, NaN));
    assert.equal(verdict, "fail");
    assert.match(found, /no finite number on 128 of 128 texts/u);
  });

  it("frees the model that it made", async () => {
    const before = tensorCounts();
    await ask(initialLoss, withBias(0, 0));
    assert.deepEqual(tensorCounts(), before);
  });

  answersClearlyOf(initialLoss, (set) => beginning(set, { id2label: outputsOf(set) }));
});
