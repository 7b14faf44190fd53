import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { overfitBatch } from "../../../../lib/src/diagnosis/training/overfit-batch";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { tensorCounts } from "../../training/tiny-run";
import { alternating, ask, setOf, sorted } from "../data/odd-sets";
import { answersClearlyOf, beginning, changing, outputsOf } from "./tiny-subject";

const WORDS = "alpha beta gamma delta epsilon house tree water stone cloud river mouse".split(" ");
const train = setOf(sorted(30, 30), {
  text: (row) => `${WORDS[row % 12] ?? ""} ${WORDS[(row * 5) % 11] ?? ""}`,
});
const atRate = (learningRate: number) => ask(overfitBatch, beginning(train, { args: { learningRate } }));

describe("overfit-batch", () => {
  it("passes a recipe that learns one batch by heart, of a set that is sorted by label too", async () => {
    const { verdict, found, numbers } = await atRate(0.01);
    assert.equal(verdict, "pass", found);
    assert.match(
      found,
      /^In 30 steps at a learning rate of 0\.01 the loss of 8 texts went from .* to .*\.$/u,
    );
    assert.ok((numbers?.["last"] ?? 1) < 0.5 * Math.LN2);
  });

  it("warns of a rate that is low, fails one that moves nothing, and says to raise them", async () => {
    const verdicts = [];
    for (const rate of [0, 1e-5]) {
      const { verdict, advice } = await atRate(rate);
      verdicts.push(verdict);
      assert.match(advice ?? "", /^Raise the learning rate/u);
    }
    assert.deepEqual(verdicts, ["fail", "fail"]);
    assert.equal((await atRate(3e-4)).verdict, "warn");
  });

  it("fails a rate whose steps throw the loss about, and says to lower it", async () => {
    const { verdict, advice } = await atRate(30);
    assert.equal(verdict, "fail");
    assert.match(advice ?? "", /^Lower the learning rate/u);
  });

  it("sends a reader to the gradients where the rate is as usual", async () => {
    const change = changing(/^pre_classifier\./u, (values) => tf.zerosLike(values));
    const { verdict, advice } = await ask(overfitBatch, beginning(train, { change }));
    assert.equal(verdict, "fail");
    assert.match(advice ?? "", /gradient-flow/u);
  });

  it("fails texts that read the same and have different labels, also where maxLength makes them the same", async () => {
    const same = setOf(alternating(10, 10), { text: () => "the same" });
    const cut = setOf(alternating(10, 10), { text: (row) => `the same beginning of film ${row}` });
    for (const subject of [beginning(same), { ...beginning(cut), maxLength: 4 }]) {
      const { verdict, found, numbers } = await ask(overfitBatch, subject);
      assert.equal(verdict, "fail");
      assert.match(found, /8 of them read the same to the model and have different labels\.$/u);
      assert.ok(Math.abs((numbers?.["floor"] ?? 0) - Math.LN2) < 1e-9);
    }
  });

  it("fails a model that is no number", async () => {
    const change = changing(/^classifier\.weight$/u, (values) => tf.mul(values, NaN));
    const { verdict, found } = await ask(overfitBatch, beginning(train, { change }));
    assert.equal(verdict, "fail");
    assert.match(found, /is no number after 0 steps/u);
  });

  it("warns where there is one label alone", async () => {
    const { verdict, found } = await ask(overfitBatch, beginning(setOf(sorted(20))));
    assert.equal(verdict, "warn");
    assert.match(found, /rows of one label alone/u);
  });

  it("frees all that it made", async () => {
    const before = tensorCounts();
    await atRate(0.01);
    assert.deepEqual(tensorCounts(), before);
  });

  answersClearlyOf(overfitBatch, (set) => beginning(set, { id2label: outputsOf(set) }));
});
