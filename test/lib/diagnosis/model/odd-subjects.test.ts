import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { ReviewSet, type Review } from "../../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../../lib/src/data/snippets";
import { diagnose } from "../../../../lib/src/diagnosis/diagnose";
import { MODEL_CHECKS } from "../../../../lib/src/diagnosis/model/model-checks";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { DistilBertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import { DOWNLOADS } from "../../../../lib/src/runtime/repository";
import { specToText } from "../../../../lib/src/runtime/presentation-text";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../../temporary-folder";
import { writeTinyModel } from "../../tiny-model";

const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
const root = temporaryFolder();
const names = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, id) => [id, `topic ${id}`]));
const model = (name: string, id2label: Record<number, string>) => {
  const config = { vocabSize: 30_522, id2label };
  const folder = writeTinyModel(path.join(root, name), { config });
  return { folder, model: DistilBertForSequenceClassification.fromFolder(folder) };
};
const two = model("two", SENTIMENT);
const hundred = model("hundred", names(100));
after(() => {
  two.model.dispose();
  hundred.model.dispose();
});

const set = (rows: readonly Review[], id2label: Readonly<Record<number, string>> = SENTIMENT) =>
  new ReviewSet("odd", rows, id2label);
const repeated = (count: number, rowOf: (index: number) => Review) =>
  Array.from({ length: count }, (_, index) => rowOf(index));

const SUBJECTS: Record<string, Subject> = {
  "an empty set": { ...two, test: set([]) },
  "one row": { ...two, test: set([{ text: "good", label: 1 }]) },
  "one class": { ...two, test: set(repeated(60, (index) => ({ text: `film ${index}`, label: 1 }))) },
  "equal texts": { ...two, test: set(repeated(80, (index) => ({ text: "film", label: index % 2 }))) },
  "a hundred classes": {
    ...hundred,
    test: set(
      repeated(300, (index) => ({ text: `film ${index}`, label: index % 100 })),
      names(100),
    ),
  },
  "a hundred classes for a model of two": {
    ...two,
    test: set(
      repeated(200, (index) => ({ text: `film ${index}`, label: index % 100 })),
      names(100),
    ),
  },
  "two classes for a model of a hundred": {
    ...hundred,
    test: set(repeated(60, (index) => ({ text: `film ${index}`, label: index % 2 }))),
  },
  "texts that are none": {
    ...two,
    test: set(
      ["", " ", "\u0000", "\ud800", "🙂", "x".repeat(1_000_000)].map((text, label) => ({
        text,
        label: label % 2,
      })),
    ),
  },
  "no case, and a card that says nothing": {
    ...two,
    test: set([{ text: "good", label: 1 }]),
    cases: [],
    card: {},
  },
};

describe("the checks of a model", () => {
  it("fail one whose weights are no numbers, and say so", async () => {
    const broken = DistilBertForSequenceClassification.fromFolder(two.folder);
    tf.tidy(() => broken.variables.get("classifier.bias")?.assign(tf.tensor1d([NaN, 0])));
    const { results } = await diagnose(
      {
        ...{ model: broken, tokenizer, maxLength: 16, test: set([{ text: "good", label: 1 }]) },
        cases: [{ text: "good", label: "POSITIVE" }],
      },
      { checks: MODEL_CHECKS },
    );
    broken.dispose();
    assert.deepEqual(
      results.map(({ name, verdict }) => [name, verdict]),
      [
        ["label-mapping", "fail"],
        ["obvious-cases", "fail"],
        ["calibration", "fail"],
      ],
    );
    for (const { found } of results) assert.match(found, /To 1 text of 1 .* no number/u);
  });

  for (const [name, subject] of Object.entries(SUBJECTS))
    it(`answer to ${name} in words and numbers`, async () => {
      const whole: Subject = {
        ...{ tokenizer, maxLength: 16, card: { license: "mit" }, ...subject },
        cases: subject.cases ?? [{ text: "\ud800 good", label: "POSITIVE" }],
      };
      const { results, skipped } = await diagnose(whole, { checks: MODEL_CHECKS });
      assert.deepEqual(skipped, []);
      assert.equal(results.length, MODEL_CHECKS.length);
      for (const { name: check, found, advice = "", numbers = {}, evidence = [] } of results) {
        const shown = [found, advice, ...evidence.map(specToText)].join("\n");
        assert.doesNotMatch(shown, /\b(?:NaN|Infinity|undefined)\b|could not be answered/u, check);
        assert.ok(Object.values(numbers).every(Number.isFinite), check);
        assert.ok(found.length < 700, `${check} says it at length: ${found}`);
      }
    });
});
