import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { obviousCases } from "../../../lib/src/data/obvious-cases";
import { checkObviousCases, ObviousCaseCheck } from "../../../lib/src/diagnosis/obvious-case-check";
import { pipeline } from "../../../lib/src/evaluation/pipeline";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
const model = DistilBertForSequenceClassification.fromFolder(
  writeTinyModel(path.join(temporaryFolder(), "model"), {
    config: { vocabSize: 30_522, id2label: { 0: "NEGATIVE", 1: "POSITIVE" } },
  }),
);
after(() => {
  model.dispose();
});

const said = (label: string, answer: string) => ({
  ...{ text: `should be ${label}`, label, said: answer, score: 0.9 },
  scores: { NEGATIVE: answer === "NEGATIVE" ? 0.9 : 0.1, POSITIVE: answer === "POSITIVE" ? 0.9 : 0.1 },
});

describe("the check of obvious cases", () => {
  it("holds for each, in order, what the model says of it", async () => {
    const classify = pipeline("text-classification", { model, tokenizer });
    const cases = obviousCases().first;
    const { cases: checked } = await checkObviousCases(classify, cases);
    const { texts } = await classify(cases.map(({ text }) => text));
    assert.deepEqual(
      checked,
      cases.map((obvious, index) => {
        const { label, score, scores } = texts[index] ?? {};
        return { ...obvious, said: label, score, scores };
      }),
    );
  });

  it("counts what is right, and what was called by a name", () => {
    const check = new ObviousCaseCheck([
      said("POSITIVE", "NEGATIVE"),
      said("NEGATIVE", "NEGATIVE"),
      said("POSITIVE", "POSITIVE"),
      said("NEGATIVE", "NEGATIVE"),
    ]);
    assert.equal(check.right, 3);
    assert.deepEqual(
      ["NEGATIVE", "POSITIVE", "LABEL_0"].map((label) => check.called(label)),
      [3, 1, 0],
    );
  });

  it("presents itself as a table that marks what is wrong", () => {
    const check = new ObviousCaseCheck([said("POSITIVE", "NEGATIVE"), said("NEGATIVE", "NEGATIVE")]);
    assert.deepEqual(check.present(), {
      kind: "table",
      columns: ["sentence", "should be", "model says", "confidence", ""],
      rows: [
        ["should be POSITIVE", "POSITIVE", "NEGATIVE", 0.9, "✗"],
        ["should be NEGATIVE", "NEGATIVE", "NEGATIVE", 0.9, "✓"],
      ],
      format: { confidence: "percent" },
    });
  });
});
