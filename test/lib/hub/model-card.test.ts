import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { modelCard, readModelCard, type ModelCardParams } from "../../../lib/src/hub/model-card";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";

const CARD: ModelCardParams = {
  repo: "reader/sentiment",
  description: "Says whether a review of a film is positive.",
  license: "apache-2.0",
  baseModel: "sentence-transformers/all-MiniLM-L6-v2",
  datasets: ["stanfordnlp/imdb"],
  language: ["en"],
  tags: ["sentiment-analysis"],
  id2label: { 0: "NEGATIVE", 1: "POSITIVE" },
  trainingData: { name: "IMDB train, balanced", labelCounts: { 0: 1_500, 1: 1_499 } },
  hyperparameters: { learningRate: 5e-5, numTrainEpochs: 1, compile: true, saveTotalLimit: null },
  evaluation: {
    dataset: { type: "stanfordnlp/imdb", name: "IMDB", split: "test" },
    metrics: [
      { type: "accuracy", name: "Accuracy", value: 0.8125, interval: [0.787, 0.8355], examples: 1_000 },
      { type: "accuracy", name: "Balanced accuracy", value: 1, interval: [0.99, 1], examples: 1_000 },
    ],
  },
  limits: ["It knows reviews of films only.", "It reads 64 tokens."],
};
/** Which the card may leave out. */
const EXAMPLES = ["one", "two"];

/** The card with one field, named by its path, set to something else. */
function changed(field: string, value: unknown): ModelCardParams {
  const card = structuredClone({ ...CARD, examples: EXAMPLES }) as unknown as Record<string, unknown>;
  const parts = field.split(/[.[\]]+/).filter(Boolean);
  const last = parts.pop() ?? "";
  let inner = card;
  for (const part of parts) inner = inner[part] as Record<string, unknown>;
  inner[last] = value;
  return card as unknown as ModelCardParams;
}

const refused = (field: string, value: unknown, message: RegExp) => {
  assert.throws(
    () => modelCard(changed(field, value)),
    (error) => {
      assert.ok(error instanceof ArgumentError, String(error));
      assert.ok(error.message.startsWith(`The model card's ${field} is `), error.message);
      assert.match(error.message, message);
      return true;
    },
    field,
  );
};

describe("a model card", () => {
  it("tells what the checks said, where it is given", () => {
    const told = modelCard({ ...CARD, diagnosis: "0 of 9 checks fail\n\n| a | b |\n| --- | --- |\n" });
    assert.match(told, /## Diagnosis\n\n0 of 9 checks fail\n\n\| a \| b \|\n\| --- \| --- \|\n\n## Limits/);
    assert.ok(!modelCard(CARD).includes("## Diagnosis"));
  });

  it("offers sentences to try, where they are given", () => {
    const offered = modelCard({ ...CARD, examples: ['A "fine" film', "A bore."] });
    assert.deepEqual(readModelCard(offered).metadata.widget, [
      { text: 'A "fine" film' },
      { text: "A bore." },
    ]);
    assert.match(offered, /print\(classify\("A \\"fine\\" film"\)\)/);
    assert.equal(readModelCard(modelCard(CARD)).metadata.widget, undefined);
    refused("examples", [], /empty; expected at least one/);
    refused("examples[1]", " ", /empty; expected a text/);
  });

  it("says how to use it in Transformers.js where there is what that needs, and is found by it", () => {
    const card = modelCard({ ...CARD, onnx: true });
    assert.match(card, /```js\nimport \{ pipeline \} from "@huggingface\/transformers";/);
    assert.deepEqual(readModelCard(card).metadata.tags, [...CARD.tags, "onnx", "transformers.js"]);
    const named = modelCard({ ...CARD, onnx: true, tags: ["onnx"] });
    assert.deepEqual(readModelCard(named).metadata.tags, ["onnx", "transformers.js"]);
    assert.doesNotMatch(modelCard(CARD), /Transformers\.js/);
  });

  it("says at its head what the Hub reads", () => {
    assert.deepEqual(readModelCard(modelCard(CARD)).metadata, {
      license: "apache-2.0",
      base_model: "sentence-transformers/all-MiniLM-L6-v2",
      datasets: ["stanfordnlp/imdb"],
      language: ["en"],
      library_name: "transformers",
      pipeline_tag: "text-classification",
      tags: ["sentiment-analysis"],
      "model-index": [
        {
          name: "sentiment",
          results: [
            {
              task: { type: "text-classification", name: "Text Classification" },
              dataset: { type: "stanfordnlp/imdb", name: "IMDB", split: "test" },
              metrics: [
                { type: "accuracy", value: 0.8125, name: "Accuracy" },
                { type: "accuracy", value: 1, name: "Balanced accuracy" },
              ],
            },
          ],
        },
      ],
    });
  });

  it("says the same to people", () => {
    const { body } = readModelCard(modelCard(CARD));
    assert.match(body, /^# sentiment\n\nSays whether a review of a film is positive\.\n/);
    for (const line of [
      "| 0 | NEGATIVE |",
      "IMDB train, balanced: 2999 examples.",
      "| 1 | POSITIVE | 1499 |",
      "| learningRate | 0.00005 |",
      "| Accuracy | 0.813 | 0.787 to 0.836 | 1000 |",
      "- It reads 64 tokens.",
      'classify = pipeline("text-classification", model="reader/sentiment")',
    ])
      assert.ok(body.split("\n").includes(line), line);
    assert.match(body, /fromPretrained\("reader\/sentiment"\)/);
  });

  it("keeps every text as it is, whatever YAML would make of it", () => {
    const texts = [
      "no",
      "1.0",
      "a: b",
      "# x",
      "'\"",
      "- a",
      "null",
      "ä\n--- b",
      "2024-01-01",
      "0x1F",
      " spaced ",
      "{a}",
      "on",
      "12:30:45",
    ];
    const card = { ...CARD, tags: texts, license: "no", language: ["no"] };
    const text = modelCard(card);
    const { metadata } = readModelCard(text);
    // Python reads YAML as it was before 1.2
    assert.deepEqual(parse(text.split(/^---$/m)[1] ?? "", { version: "1.1" }), metadata);
    assert.deepEqual(metadata.tags, texts);
    assert.equal(metadata.license, "no");
    assert.deepEqual(metadata.language, ["no"]);
  });

  it("keeps its tables whole, whatever a label is called", () => {
    const { body } = readModelCard(modelCard({ ...CARD, id2label: { 0: "a | b", 1: "c\nd" } }));
    assert.ok(body.includes("| 0 | a \\| b |\n| 1 | c d |"), body);
  });
});

describe("a model card with a field missing", () => {
  it("is refused, with the field's name", () => {
    for (const field of ["repo", "description", "license", "baseModel"])
      for (const [value, found] of [
        [undefined, /is missing; expected a text/],
        ["", /is empty; expected a text/],
        [" ", /is empty/],
      ] as const)
        refused(field, value, found);
    for (const field of ["datasets", "language", "tags", "limits", "evaluation.metrics"]) {
      refused(field, undefined, /is missing; expected at least one/);
      refused(field, [], /is empty; expected at least one/);
    }
    for (const field of [
      "id2label",
      "trainingData",
      "trainingData.labelCounts",
      "hyperparameters",
      "evaluation",
      "evaluation.dataset",
    ])
      refused(field, undefined, /is missing; expected it to be given/);
    for (const field of ["id2label", "trainingData.labelCounts", "hyperparameters"])
      refused(field, {}, /is empty/);
    for (const field of ["type", "name", "split"])
      refused(`evaluation.dataset.${field}`, undefined, /missing/);
    for (const field of ["type", "name", "interval"])
      refused(`evaluation.metrics[0].${field}`, undefined, /missing/);
    refused("trainingData.name", "", /empty/);
    refused("tags[0]", "", /is empty/);
    refused("evaluation.metrics[1]", undefined, /missing/);
  });

  it("is refused where a number cannot be what it says it is", () => {
    for (const value of [Number.NaN, -0.1, 1.1, undefined, "0.8"])
      refused("evaluation.metrics[0].value", value, /expected a share from 0 to 1/);
    refused("evaluation.metrics[0].interval", [0.787, Number.NaN], /is NaN; expected a share/);
    refused(
      "evaluation.metrics[0].interval",
      [0.9, 0.95],
      /is 0\.9 to 0\.95; expected bounds around 0\.8125/,
    );
    for (const examples of [0, 0.5, Number.NaN, undefined])
      refused("evaluation.metrics[0].examples", examples, /expected a whole number above 0/);
    refused("trainingData.labelCounts[0]", -1, /expected a whole number/);
    refused("hyperparameters.learningRate", Number.NaN, /is NaN; expected a number/);
  });

  it("is refused where its labels are not those of a model", () => {
    refused("id2label[1]", "", /is empty; expected a text/);
    refused("id2label", { 0: "A", 2: "B" }, /expected a name for each of 0, 1/);
    refused("trainingData.labelCounts[2]", 1, /is a label that id2label does not name/);
    refused("repo", "no repo", /is "no repo"; expected a repository's name/);
  });
});

describe("a card that was not written here", () => {
  it("is read, also with Windows' line ends and nothing below its head", () => {
    assert.deepEqual(readModelCard("---\r\nlicense: mit\r\n---\r\nText\r\n"), {
      metadata: { license: "mit" },
      body: "Text\r\n",
    });
    assert.deepEqual(readModelCard("---\nlicense: mit\n---"), { metadata: { license: "mit" }, body: "" });
  });

  it("is refused where it has no metadata that can be read", () => {
    for (const [text, message] of [
      ["# Only a title\n", /has no metadata; expected YAML between two lines of ---/],
      ["---\nlicense: [a\n---\n", /is no YAML/],
      ["---\n- a\n---\n", /is no mapping/],
    ] as const)
      assert.throws(
        () => readModelCard(text),
        (error) => error instanceof DataError && message.test(error.message) && !error.message.includes("\n"),
        text,
      );
  });
});
