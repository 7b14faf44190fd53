/**
 * A model that has learned, exported, and asked by those who will ask it: Transformers.js in Node (in a browser: space.test.ts), and the
 * reference checker of the format.
 */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  env,
  pipeline,
  type Tensor,
} from "@huggingface/transformers";
import { obviousCases } from "../../lib/src/data/obvious-cases";
import { argmax, predictLogits, softmax } from "../../lib/src/evaluation/predict";
import { exportOnnx } from "../../lib/src/onnx/export-onnx";
import { World } from "../detection/world";
import { largestDifference } from "../lib/onnx/onnx-logits";
import { temporaryFolder } from "../lib/temporary-folder";
import { clientPython, runPython } from "./python-environment";

const SNIPPETS = 1_000;
const folder = path.join(temporaryFolder(), "sentiment");
const cases = Object.values(obviousCases()).flat();
let texts: string[] = [];
let labels: number[] = [];
let expected: number[][] = [];
let expectedOfCases: number[][] = [];

before(async () => {
  const world = new World();
  const { model, tokenizer, maxLength, folder: saved } = await world.healthyModel();
  cpSync(saved, folder, { recursive: true });
  await exportOnnx({ folder });
  // Transformers.js cuts a longer text without its last [SEP] (tokenization_utils.js, truncateHelper)
  const { rows } = world.unseen.shuffle(1);
  const lengths = await tokenizer.encodeBatch(
    rows.map(({ text }) => text),
    { maxLength },
  );
  const whole = rows.filter((_, index) => (lengths[index]?.inputIds.length ?? 0) < maxLength);
  // texts of like length side by side: less padding
  const taken = whole.slice(0, SNIPPETS).sort((left, right) => left.text.length - right.text.length);
  texts = taken.map(({ text }) => text);
  labels = taken.map(({ label }) => label);
  const logitsOf = async (some: string[]): Promise<number[][]> =>
    predictLogits({
      model,
      features: await tokenizer.encodeBatch(some, { maxLength }),
      padTokenId: tokenizer.padTokenId,
    });
  expected = await logitsOf(texts);
  expectedOfCases = await logitsOf(cases.map(({ text }) => text));
  Object.assign(env, { allowRemoteModels: false, localModelPath: `${path.dirname(folder)}${path.sep}` });
});

/** What Transformers.js says, 50 texts at a time. */
async function logitsInTransformersJs(some: string[], dtype: "fp32" | "q8"): Promise<number[][]> {
  const tokenizer = await AutoTokenizer.from_pretrained("sentiment");
  const model = await AutoModelForSequenceClassification.from_pretrained("sentiment", { dtype });
  const rows: number[][] = [];
  for (let begin = 0; begin < some.length; begin += 50) {
    const inputs = tokenizer(some.slice(begin, begin + 50), {
      padding: true,
      truncation: true,
      max_length: 64,
    }) as unknown;
    const { logits } = (await model(inputs)) as { logits: Tensor };
    rows.push(...(logits.tolist() as number[][]));
  }
  await model.dispose();
  return rows;
}

const accuracy = (logits: number[][]): number =>
  logits.filter((row, index) => argmax(row) === labels[index]).length / logits.length;

const probability = (row: number[] | undefined): number => softmax(row ?? [])[1] ?? NaN;

describe("an exported model in Transformers.js", () => {
  it("says in fp32 what lib says, of 1,000 snippets", async () => {
    const logits = await logitsInTransformersJs(texts, "fp32");
    assert.equal(logits.length, SNIPPETS);
    assert.ok(largestDifference(logits, expected) < 1e-3);
  });

  it("is as accurate in int8, to a point", async (context) => {
    const logits = await logitsInTransformersJs(texts, "q8");
    const [int8, own] = [accuracy(logits), accuracy(expected)];
    const moved = logits.map((row, index) => Math.abs(probability(row) - probability(expected[index])));
    const mean = moved.reduce((sum, value) => sum + value, 0) / moved.length;
    context.diagnostic(
      `accuracy ${int8} in int8, ${own} in lib; probabilities move by ${mean.toFixed(4)} on average, ${Math.max(...moved).toFixed(3)} at most`,
    );
    assert.ok(Math.abs(int8 - own) <= 0.01, `${int8}, ${own}`);
    assert.ok(mean < 0.02, `${mean}`);
  });

  it("gives the obvious cases the same labels in int8, as sure of them", async () => {
    const logits = await logitsInTransformersJs(
      cases.map(({ text }) => text),
      "q8",
    );
    for (const [index, { text }] of cases.entries()) {
      const [own, int8] = [expectedOfCases[index] ?? [], logits[index] ?? []];
      assert.equal(argmax(int8), argmax(own), text);
      assert.ok(Math.abs(probability(int8) - probability(own)) <= 0.05, text);
    }
  });

  it("has the names of its labels in a pipeline", async () => {
    const classify = await pipeline("text-classification", "sentiment", { dtype: "q8" });
    const answers = await classify(cases.map(({ text }) => text));
    assert.deepEqual(
      answers.map((answer) => ("label" in answer ? answer.label : "")),
      cases.map(({ label }) => label),
    );
    await classify.dispose();
  });

  it("passes the format's own checker, with shapes that fit", async () => {
    const program = path.join(__dirname, "onnx_client.py");
    const files = ["onnx/model.onnx", "onnx/model_quantized.onnx"].map((name) => path.join(folder, name));
    const printed = await runPython({ python: clientPython(), args: [program, ...files], env: process.env });
    const shape = ["batch", 2];
    assert.deepEqual(JSON.parse(printed), [
      { opset: 17, inputs: ["input_ids", "attention_mask"], outputs: { logits: shape } },
      { opset: 17, inputs: ["input_ids", "attention_mask"], outputs: { logits: shape } },
    ]);
  });
});
