import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ReviewSet } from "../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../lib/src/data/snippets";
import { checkLabelMapping, LabelMappingCheck } from "../../../lib/src/diagnosis/label-mapping-check";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { encodeReviews } from "../../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { Trainer } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const AS_MEANT = { 0: "NEGATIVE", 1: "POSITIVE" };
const SWAPPED = { 0: "POSITIVE", 1: "NEGATIVE" };
const NOBODYS = { 0: "LABEL_0", 1: "LABEL_1" };

/** What is said of 1,000 reviews, half of each label, by a model of which so many are right if the outputs are as meant. */
function checkOf(right: number, declared: Record<number, string>): LabelMappingCheck {
  const labels = Array.from({ length: 1000 }, (_, index) => index % 2);
  const predictions = labels.map((label, index) => (index < right ? label : 1 - label));
  return new LabelMappingCheck({
    ...{ declared, id2label: AS_MEANT, labels, predictions },
    ...{ cases: [{ text: "good", label: "POSITIVE" }], casePredictions: [1] },
  });
}

describe("what the data say of label names", () => {
  const findingOf = (right: number, declared: Record<number, string>) => checkOf(right, declared).finding;

  it("is that they are right, wrong, or nobody's", () => {
    assert.equal(findingOf(850, AS_MEANT), "right");
    assert.equal(findingOf(850, SWAPPED), "wrong");
    assert.equal(findingOf(850, NOBODYS), "unnamed");
    assert.equal(findingOf(150, AS_MEANT), "wrong");
    assert.equal(findingOf(150, SWAPPED), "right");
    assert.deepEqual(checkOf(150, NOBODYS).best.id2label, SWAPPED);
  });

  it("does not stumble over another spelling", () => {
    assert.equal(findingOf(850, { 0: "negative", 1: "Positive" }), "right");
    assert.equal(findingOf(850, { 0: "positive", 1: "negative" }), "wrong");
  });

  it("is nothing where the model does not tell the labels apart, whatever is declared", () => {
    for (const declared of [AS_MEANT, SWAPPED, NOBODYS])
      for (const right of [500, 520, 480]) assert.equal(findingOf(right, declared), "undecided");
    // 2.5 standard deviations
    assert.equal(findingOf(540, AS_MEANT), "right");
  });

  it("is nothing where it always says the same, however often that is right", () => {
    const labels = Array.from({ length: 1000 }, (_, index) => Number(index < 900));
    const predictions = labels.map(() => 1);
    for (const declared of [AS_MEANT, SWAPPED]) {
      const answers = { declared, id2label: AS_MEANT, labels, predictions, cases: [], casePredictions: [] };
      assert.equal(new LabelMappingCheck(answers).finding, "undecided");
    }
  });

  it("is shown best first, with what config.json says and what follows", () => {
    const { columns, rows, note } = checkOf(850, SWAPPED).present();
    assert.deepEqual(columns.slice(0, 2), ["if the outputs mean", "accuracy"]);
    assert.deepEqual(
      rows.map(([names, accuracy, , , cases, declared]) => [names, accuracy, cases, declared]),
      [
        ["0 NEGATIVE, 1 POSITIVE", 0.85, "1 of 1", ""],
        ["0 POSITIVE, 1 NEGATIVE", 0.15, "0 of 1", "says this"],
      ],
    );
    assert.equal(
      note,
      "The names in config.json (0 POSITIVE, 1 NEGATIVE) are wrong: the data ask for 0 NEGATIVE, 1 POSITIVE.",
    );
  });

  it("needs an example", () => {
    const none = { labels: [], predictions: [], cases: [], casePredictions: [] };
    assert.throws(
      () => new LabelMappingCheck({ declared: AS_MEANT, id2label: AS_MEANT, ...none }),
      DataError,
    );
  });
});

describe("what the data say of many label names", () => {
  const names = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, id) => [id, `topic ${id}`]));
  const labels = Array.from({ length: 500 }, (_, index) => index % 100);

  it("is told by what differs: of 100, three that are passed round", () => {
    const declared = { ...names(100), 7: "topic 8", 8: "topic 9", 9: "topic 7" };
    const check = new LabelMappingCheck({
      ...{ declared, id2label: names(100), labels, cases: [], casePredictions: [] },
      predictions: labels.map((label, index) => (index % 5 === 0 ? 99 - label : label)),
    });
    assert.equal(check.finding, "wrong");
    assert.deepEqual(check.best.id2label, names(100));
    const { rows, note } = check.present();
    assert.equal(rows.length, 3);
    assert.equal(rows[0]?.[0], "what config.json says, but 7 topic 7, 8 topic 8, 9 topic 9");
    assert.match(
      note ?? "",
      /are wrong: the data ask for what config.json says, but 7 topic 7, 8 topic 8, 9 topic 9/u,
    );
  });

  it("shows all six readings of three", () => {
    const three = labels.map((label) => label % 3);
    const answers = { labels: three, predictions: three, cases: [], casePredictions: [] };
    const check = new LabelMappingCheck({ declared: names(3), id2label: names(3), ...answers });
    assert.equal(check.readings.length, 6);
    assert.equal(check.finding, "right");
    assert.equal(check.best.accuracy, 1);
    assert.ok(check.second && Math.abs(check.second.balancedAccuracy - 1 / 3) < 1e-12);
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
