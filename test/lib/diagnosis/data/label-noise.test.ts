import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";

import { SENTIMENT } from "../../../../lib/src/data/snippets";
import { heldOutAnswers, kappa } from "../../../../lib/src/diagnosis/data/held-out-answers";
import { labelNoise, labelNoiseFinding } from "../../../../lib/src/diagnosis/data/label-noise";
import { examine } from "../../../../lib/src/diagnosis/examination";
import type { Finding } from "../../../../lib/src/diagnosis/check";
import { DistilBertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import { specToText } from "../../../../lib/src/runtime/presentation-text";
import { DOWNLOADS } from "../../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../../temporary-folder";
import { writeTinyModel } from "../../tiny-model";
import { madeUpAnswers, type MadeUpParams } from "./made-up-answers";
import { alternating, ask, setOf, sorted } from "./odd-sets";

const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
const model = DistilBertForSequenceClassification.fromFolder(
  writeTinyModel(path.join(temporaryFolder(), "model"), {
    config: { vocabSize: 30_522, maxPositionEmbeddings: 40, id2label: SENTIMENT },
  }),
);
after(() => {
  model.dispose();
});

function findingOf(params: MadeUpParams): Finding {
  return labelNoiseFinding(madeUpAnswers(params), SENTIMENT);
}

describe("label-noise", () => {
  it("passes the errors of a model, however sure it is of them", () => {
    const { verdict, found, numbers, evidence } = findingOf({ count: 1_200 });
    assert.equal(verdict, "pass");
    assert.match(found, /^About \d\.\d % of 1,200 labels seem wrong, at least 0\.0 % with 95 % confidence/u);
    // which is what confident learning alone takes for wrong labels
    assert.ok((numbers?.["confidentLearningShare"] ?? 0) > 0.1);
    assert.deepEqual(
      evidence?.map(({ kind }) => kind),
      ["table", "table"],
    );
  });

  it("warns of a twelfth and fails a quarter that is wrong, and shows where", () => {
    assert.equal(findingOf({ count: 6_000, wrong: () => 1 / 12 }).verdict, "warn");
    const { verdict, found, numbers, evidence } = findingOf({ count: 3_000, wrong: () => 0.25 });
    assert.equal(verdict, "fail");
    assert.match(found, /^About 2[2-8]\.\d % of 3,000 labels seem wrong, at least 2\d\.\d % [^.]+\.\d %\.$/u);
    assert.ok(Math.abs((numbers?.["noiseShare"] ?? 0) - 0.25) < 0.03);
    const [suspects, tenths, chart] = evidence?.map((spec) => specToText(spec)) ?? [];
    assert.match(suspects ?? "", /test \d+ +"text \d+" +(NEGATIVE +POSITIVE|POSITIVE +NEGATIVE) +0\.\d%/u);
    assert.match(tenths ?? "", /the surest tenth +300 +2\d\.\d% +[0-4]\.\d%/u);
    assert.match(
      chart ?? "",
      /Of its surest tenth of answers the model contradicts 2\d\.\d % of the labels/u,
    );
  });

  it("names the answer whose labels are wrong", () => {
    const { verdict, found } = findingOf({ count: 1_200, wrong: (label) => (label === 1 ? 0.16 : 0) });
    assert.equal(verdict, "warn");
    assert.match(found, /Of what it calls POSITIVE about [12]\d\.\d % seem wrong, at least \d+\.\d %\.$/u);
  });

  it("says so where a model cannot doubt labels", () => {
    const few = findingOf({ count: 99 });
    assert.deepEqual(
      [few.verdict, few.found],
      ["pass", "Of 99 labelled texts nothing can be told; it takes 100."],
    );
    const [one] = madeUpAnswers({ count: 1 });
    assert.equal(labelNoiseFinding(one ? [one] : [], { 0: "ONLY" }).verdict, "pass");
    for (const wrong of [0.5, 0.9]) {
      const stranger = findingOf({ count: 1_000, wrong: () => wrong });
      assert.equal(stranger.verdict, "warn");
      assert.match(stranger.found, /hardly agrees with the labels of 1,000 texts/u);
    }
  });

  it("measures agreement beyond chance", () => {
    const pairs = (...counts: [number, number, number][]) =>
      counts.flatMap(([count, label, answer]) => Array.from({ length: count }, () => ({ label, answer })));
    // Cohen's own example of two judges has other numbers; these are sklearn.metrics.cohen_kappa_score's
    assert.ok(Math.abs(kappa(pairs([20, 0, 0], [5, 0, 1], [10, 1, 0], [15, 1, 1])) - 0.4) < 1e-12);
    assert.equal(kappa(pairs([10, 0, 0])), 0);
  });
});

describe("held-out answers", () => {
  const classifier = { model, tokenizer, maxLength: 8 };

  it("are those on validation and test, with the outputs that stand for the labels", async () => {
    const test = setOf([1, 0], { id2label: { 0: "positive", 1: "negative" } });
    const validation = setOf([1]);
    const examination = examine({ ...classifier, train: setOf([0, 1]), validation, test });
    const answers = await heldOutAnswers(examination);
    assert.deepEqual(
      answers.map(({ role, index, label }) => [role, index, label]),
      [
        ["validation", 0, 1],
        ["test", 0, 0],
        ["test", 1, 1],
      ],
    );
    const { logits } = await examination.predict(test);
    const [negative = NaN, positive = NaN] = logits[0] ?? [];
    assert.ok(Math.abs((answers[1]?.confidence ?? NaN) - Math.abs(positive - negative)) < 1e-12);
    assert.equal(answers[1]?.answer, positive > negative ? 1 : 0);
  });

  it("leave out labels that no output stands for", async () => {
    const test = setOf([0, 1, 1], { id2label: { 0: "NEGATIVE", 1: "MIXED" } });
    assert.equal((await heldOutAnswers(examine({ ...classifier, test }))).length, 1);
  });

  it("are few, or of a model that knows nothing, and the check says so", async () => {
    const odd = ["", "\u0000", "\ud800", "x".repeat(10_000)];
    const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, label) => [label, `class ${label}`]));
    const unanswerable = {
      "no rows": setOf([]),
      "one row": setOf([1]),
      "odd texts": setOf(alternating(8, 8), { text: (row) => odd[row % odd.length] ?? "" }),
      "labels that the model does not have": setOf(sorted(2, 2, 2), { id2label: hundred }),
    };
    for (const [name, test] of Object.entries(unanswerable)) {
      const { verdict, found } = await ask(labelNoise, { ...classifier, test, validation: setOf([]) });
      assert.equal(verdict, "pass", name);
      assert.match(found, /^Of \d+ labelled texts? nothing can be told/u);
    }
    for (const labels of [sorted(150), alternating(75, 75)])
      assert.equal((await ask(labelNoise, { ...classifier, test: setOf(labels) })).verdict, "warn");
  });
});
