import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { pipeline } from "../../../lib/src/evaluation/pipeline";
import { predictLogits, softmax } from "../../../lib/src/evaluation/predict";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
const id2label = { 0: "NEGATIVE", 1: "POSITIVE" };
/** The packaged tokenizer's vocabulary on a tiny model. */
const model = DistilBertForSequenceClassification.fromFolder(
  writeTinyModel(path.join(temporaryFolder(), "model"), {
    config: { vocabSize: 30_522, maxPositionEmbeddings: 160, id2label },
  }),
);
after(() => {
  model.dispose();
});
const texts = ["This movie is absolutely amazing!", "Boring.", "so so", "I love it"];

describe("a text classification pipeline", () => {
  const classify = pipeline("text-classification", { model, tokenizer });

  it("gives each text, in order, its likeliest label by the model's names", async () => {
    const found = (await classify(texts)).texts;
    assert.deepEqual(
      found.map(({ text }) => text),
      texts,
    );
    const features = texts.map((text) => tokenizer.encode(text, { maxLength: 128 }));
    const logits = await predictLogits({ model, features, padTokenId: 0 });
    for (const [index, { label, score, scores }] of found.entries()) {
      const [negative = NaN, positive = NaN] = softmax(logits[index] ?? []);
      assert.deepEqual(scores, { NEGATIVE: negative, POSITIVE: positive });
      assert.equal(label, negative >= positive ? "NEGATIVE" : "POSITIVE");
      assert.equal(score, Math.max(negative, positive));
    }
    assert.equal(new Set(found.map(({ label }) => label)).size, 2, "both labels occur");
  });

  it("reads no further than its maxLength", async () => {
    const long = "good bad ".repeat(100);
    const short = await pipeline("text-classification", { model, tokenizer, maxLength: 5 })([
      long,
      "good bad good",
    ]);
    assert.equal(short.texts[0]?.score, short.texts[1]?.score);
    const scoreAt = async (maxLength?: number) => {
      const limited = pipeline("text-classification", {
        ...{ model, tokenizer },
        ...(maxLength === undefined ? {} : { maxLength }),
      });
      return (await limited([long])).texts[0]?.score;
    };
    assert.equal(await scoreAt(), await scoreAt(128));
    for (const other of [127, 129]) assert.notEqual(await scoreAt(), await scoreAt(other));
  });

  it("says that a text is too long for the model, not for TensorFlow", async () => {
    const beyond = pipeline("text-classification", { model, tokenizer, maxLength: 512 });
    await assert.rejects(
      beyond(["good ".repeat(200)]),
      new ArgumentError("A text of the batch has 202 tokens; the model reads at most 160: lower maxLength."),
    );
  });

  it("gives the same answers whatever the batch size, and refuses one that is none", async () => {
    const together = (await classify(texts)).texts;
    const alone = (await pipeline("text-classification", { model, tokenizer, batchSize: 1 })(texts)).texts;
    for (const [index, { label, score }] of together.entries()) {
      assert.equal(label, alone[index]?.label);
      assert.ok(Math.abs(score - (alone[index]?.score ?? NaN)) < 1e-5);
    }
    await assert.rejects(
      pipeline("text-classification", { model, tokenizer, batchSize: 0 })(texts),
      ArgumentError,
    );
  });

  it("classifies nothing as nothing", async () => {
    assert.deepEqual((await classify([])).texts, []);
  });

  it("refuses another task", () => {
    assert.throws(
      () => pipeline("translation" as "text-classification", { model, tokenizer }),
      new ArgumentError('The task is "translation"; expected "text-classification".'),
    );
  });

  it("presents its answers as a table", async () => {
    const found = await classify(["Boring."]);
    const [first] = found.texts;
    assert.deepEqual(found.present(), {
      kind: "table",
      columns: ["text", "label", "score"],
      rows: [["Boring.", first?.label, first?.score]],
      format: { score: 3 },
    });
  });
});
