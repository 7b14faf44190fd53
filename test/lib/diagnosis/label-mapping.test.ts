import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ReviewSet } from "../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../lib/src/data/snippets";
import {
  checkLabelMapping,
  LabelMappingCheck,
  type ReadingScore,
} from "../../../lib/src/diagnosis/label-mapping";
import { wilsonInterval } from "../../../lib/src/evaluation/metrics";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { encodeReviews } from "../../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { Trainer } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const AS_MEANT = { 0: "NEGATIVE", 1: "POSITIVE" };
const SWAPPED = { 0: "POSITIVE", 1: "NEGATIVE" };
const NOBODYS = { 0: "LABEL_0", 1: "LABEL_1" };

/** Both readings of a model that is right so often, of 1,000. */
function readings(right: number): ReadingScore[] {
  const reading = (id2label: Record<number, string>, hits: number): ReadingScore => ({
    id2label,
    accuracy: hits / 1000,
    interval: wilsonInterval(hits, 1000),
    obviousRight: 0,
  });
  return [reading(SWAPPED, 1000 - right), reading(AS_MEANT, right)];
}

describe("what the data say of label names", () => {
  const findingOf = (right: number, declared: Record<number, string>) =>
    new LabelMappingCheck(readings(right), declared, { reviews: 1000, cases: 0 }).finding;

  it("is that they are right, wrong, or nobody's", () => {
    assert.equal(findingOf(850, AS_MEANT), "right");
    assert.equal(findingOf(850, SWAPPED), "wrong");
    assert.equal(findingOf(850, NOBODYS), "unnamed");
    assert.equal(findingOf(150, AS_MEANT), "wrong");
    assert.equal(findingOf(150, SWAPPED), "right");
  });

  it("does not stumble over another spelling", () => {
    assert.equal(findingOf(850, { 0: "negative", 1: "Positive" }), "right");
    assert.equal(findingOf(850, { 0: "positive", 1: "negative" }), "wrong");
  });

  it("is nothing where the model does not tell the labels apart, whatever is declared", () => {
    for (const declared of [AS_MEANT, SWAPPED, NOBODYS])
      for (const right of [500, 520, 480]) assert.equal(findingOf(right, declared), "undecided");
    // 95 % intervals of 1,000: 3 points either way
    assert.equal(findingOf(540, AS_MEANT), "right");
  });

  it("is shown best first, with what config.json says and what follows", () => {
    const { columns, rows, note } = new LabelMappingCheck(readings(850), SWAPPED, {
      reviews: 1000,
      cases: 8,
    }).present();
    assert.deepEqual(columns.slice(0, 2), ["if the outputs mean", "accuracy"]);
    assert.deepEqual(
      rows.map(([names, accuracy, , , , declared]) => [names, accuracy, declared]),
      [
        ["0 NEGATIVE, 1 POSITIVE", 0.85, ""],
        ["0 POSITIVE, 1 NEGATIVE", 0.15, "says this"],
      ],
    );
    assert.equal(
      note,
      "The names in config.json (0 POSITIVE, 1 NEGATIVE) are wrong: the data ask for 0 NEGATIVE, 1 POSITIVE.",
    );
  });
});

describe("a model that was trained", () => {
  const folder = temporaryFolder();
  const tokenizing = Tokenizer.fromPretrained(path.join(DOWNLOADS, "encoder"));
  const reviews = new ReviewSet(
    "reviews",
    Array.from({ length: 120 }, (_, index) => ({
      text: index % 2 ? `good film number ${index}` : `awful film number ${index}`,
      label: index % 2,
    })),
    SENTIMENT,
  );
  const cases = [
    { text: "good film number one", label: "POSITIVE" },
    { text: "awful film number one", label: "NEGATIVE" },
  ];
  let model: DistilBertForSequenceClassification;

  before(async () => {
    const tokenizer = await tokenizing;
    // wide enough, and with nothing dropped, to learn two words with any seed
    const undropped = { dropout: 0, attentionDropout: 0, seqClassifDropout: 0 };
    const tiny = writeTinyModel(path.join(folder, "tiny"), {
      config: { vocabSize: 30_522, dim: 16, hiddenDim: 32, ...undropped },
    });
    model = await DistilBertForSequenceClassification.fromPretrained(tiny);
    const trainDataset = encodeReviews(reviews, { tokenizer, maxLength: 16 });
    const args = {
      ...{ outputDir: folder, saveStrategy: "no" as const, maxSteps: 120, learningRate: 0.002 },
      perDeviceTrainBatchSize: 16,
    };
    await new Trainer({ model, args, trainDataset, padTokenId: tokenizer.padTokenId }).train();
  });
  after(() => {
    model.dispose();
  });

  it("and whose outputs nobody named is named by the data", async () => {
    const tokenizer = await tokenizing;
    const check = await checkLabelMapping({ model, tokenizer, reviews, cases });
    assert.equal(check.finding, "unnamed");
    assert.deepEqual(check.best.id2label, AS_MEANT);
    const [best, other] = check.readings;
    assert.ok(best && other);
    assert.deepEqual([best.obviousRight, other.obviousRight], [2, 0]);
    assert.ok(Math.abs(best.accuracy + other.accuracy - 1) < 1e-12);
  });

  it("follows the names of the reviews, not the numbers of their labels", async () => {
    const tokenizer = await tokenizing;
    const rows = reviews.rows.map(({ text, label }) => ({ text, label: 1 - label }));
    const turned = new ReviewSet("turned", rows, SWAPPED);
    const check = await checkLabelMapping({ model, tokenizer, reviews: turned, cases });
    assert.deepEqual(check.best.id2label, AS_MEANT);
  });

  it("is not asked about labels that it does not have", async () => {
    const tokenizer = await tokenizing;
    const three = new ReviewSet("three", reviews.rows, { ...SENTIMENT, 2: "NEUTRAL" });
    await assert.rejects(checkLabelMapping({ model, tokenizer, reviews: three, cases }), ArgumentError);
  });
});
