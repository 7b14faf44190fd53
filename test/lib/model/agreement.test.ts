import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { AdamW } from "../../../lib/src/training/adamw";
import { linearLearningRate } from "../../../lib/src/training/schedule";
import { TrainStep, labelledBatch, lossAndGradients } from "../../../lib/src/training/train-step";
import { setFixtureHead } from "./agreement-fixture";

/** What transformers and PyTorch computed, see test/fixtures/make_pytorch_fixtures.py. */
interface Fixture {
  sentences: string[];
  inputIds: number[][];
  longText: string;
  longInputIds: number[];
  labels: number[];
  logits: number[][];
  singleLogits: number[][];
  longLogits: number[][];
  gradientNorms: Record<string, number>;
  losses: number[];
  gradNorms: number[];
  trainedLogits: number[][];
}

const ROOT = path.resolve(__dirname, "../../..");
const ENCODER = path.join(ROOT, "data/downloads/encoder");
const fixture = JSON.parse(readFileSync(path.join(ROOT, "test/fixtures/pytorch.json"), "utf8")) as Fixture;

function assertClose(found: ArrayLike<number>, expected: number[][], tolerance: number): void {
  const flat = expected.flat();
  assert.equal(found.length, flat.length);
  for (const [index, value] of flat.entries()) {
    const difference = Math.abs((found[index] ?? NaN) - value);
    assert.ok(difference <= tolerance, `value ${index}: ${found[index]} against ${value}`);
  }
}

describe("the packaged encoder in lib and in transformers", () => {
  const tokenizer = Tokenizer.fromFolder(ENCODER);
  let model: DistilBertForSequenceClassification;
  const batch = collate(
    fixture.inputIds.map((inputIds, index) => ({ inputIds, label: fixture.labels[index] ?? 0 })),
    tokenizer.padTokenId,
  );

  before(() => {
    model = DistilBertForSequenceClassification.fromFolder(ENCODER);
    setFixtureHead(model);
  });
  after(() => {
    model.dispose();
  });

  const logitsOf = (inputIds: number[][]) => {
    const logits = model.logits(
      collate(
        inputIds.map((ids) => ({ inputIds: ids })),
        tokenizer.padTokenId,
      ),
    );
    const values = logits.dataSync();
    logits.dispose();
    return values;
  };

  it("has the same token ids, accents, HTML and truncation included", () => {
    const found = fixture.sentences.map(
      (sentence) => tokenizer.encode(sentence, { maxLength: 512 }).inputIds,
    );
    assert.deepEqual(found, fixture.inputIds);
    const long = tokenizer.encode(fixture.longText, { maxLength: 512 });
    assert.deepEqual(long.inputIds, fixture.longInputIds);
    assert.ok(long.truncated > 0);
  });

  it("has the same logits to 1e-4: a padded batch, a single text, 512 tokens", () => {
    assertClose(logitsOf(fixture.inputIds), fixture.logits, 1e-4);
    assertClose(logitsOf(fixture.inputIds.slice(0, 1)), fixture.singleLogits, 1e-4);
    assertClose(logitsOf([fixture.longInputIds]), fixture.longLogits, 1e-4);
  });

  it("has the same gradient norm for every parameter", () => {
    const tensors = labelledBatch(batch, model);
    const { loss, gradients } = lossAndGradients(model, tensors);
    for (const [index, name] of [...model.variables.keys()].entries()) {
      const gradient = gradients[index];
      assert.ok(gradient);
      const norm = tf.tidy(() => tf.norm(gradient).dataSync()[0] ?? NaN);
      const expected = fixture.gradientNorms[name] ?? NaN;
      // the gradient of k_lin.bias is zero by theory, so a relative bound alone would compare noise
      assert.ok(Math.abs(norm - expected) <= 1e-3 * expected + 1e-6, `${name}: ${norm} against ${expected}`);
    }
    tf.dispose([loss, ...gradients, ...Object.values({ ...tensors })]);
  });

  it("trains to the same losses, gradient norms and logits as AdamW with warm-up, decay and clipping in PyTorch", () => {
    const optimizer = new AdamW(model.variables.values(), {
      ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, maxGradNorm: 1 },
    });
    const trainStep = new TrainStep({ model, optimizer });
    // measured on two cores: losses within 9e-6, norms within 6e-5 of themselves, logits within 5e-5; other CPUs round otherwise
    const plan = { stepsPerEpoch: 6, totalSteps: 6, warmupSteps: 2 };
    for (const [index, expected] of fixture.losses.entries()) {
      const learningRate = linearLearningRate({ peak: 1e-3, step: index, plan });
      const { loss, gradNorm } = trainStep.run({ batch, learningRate, step: index + 1 });
      assert.ok(Math.abs(loss - expected) <= 1e-4, `step ${index + 1}: loss ${loss} against ${expected}`);
      const expectedNorm = fixture.gradNorms[index] ?? NaN;
      assert.ok(
        Math.abs(gradNorm - expectedNorm) <= 1e-3 * expectedNorm,
        `step ${index + 1}: norm ${gradNorm} against ${expectedNorm}`,
      );
    }
    trainStep.dispose();
    optimizer.dispose();
    assertClose(logitsOf(fixture.inputIds), fixture.trainedLogits, 5e-4);
  });
});
