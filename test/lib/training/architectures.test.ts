import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { classificationReport } from "../../../lib/src/evaluation/report";
import { pipeline } from "../../../lib/src/evaluation/pipeline";
import { AutoModelForSequenceClassification } from "../../../lib/src/model/auto-model";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import type { Feature } from "../../../lib/src/tokenization/collator";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { Trainer } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyBert, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const id2label = { 0: "1 star", 1: "2 stars", 2: "3 stars", 3: "4 stars", 4: "5 stars" };

/** Texts of five labels, told by their second token. */
const features: Feature[] = Array.from({ length: 30 }, (_, index) => {
  const label = index % 5;
  return { inputIds: [1, 10 + label, 30 + (index % 7), 2], tokenTypeIds: [0, 0, 1, 1], label };
});

after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

// wide enough, and with a head large enough, to learn five labels in 200 steps
for (const [what, write, source] of [
  [
    "BERT",
    writeTinyBert,
    writeTinyBert(path.join(folder, "bert"), {
      withHead: false,
      config: { initializerRange: 0.3, hiddenSize: 24, hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 },
    }),
  ],
  [
    "DistilBERT",
    writeTinyModel,
    writeTinyModel(path.join(folder, "distilbert"), {
      withHead: false,
      config: { initializerRange: 0.3, dim: 24, dropout: 0, attentionDropout: 0, seqClassifDropout: 0 },
    }),
  ],
] as const)
  describe(`a ${what} of five labels`, () => {
    const load = () => AutoModelForSequenceClassification.fromFolder(source, { id2label, seed: 1 });

    it("is trained until it tells all five apart, report and best checkpoint included", async () => {
      const model = load();
      const outputDir = path.join(folder, `${what}-run`);
      const args = {
        ...{ maxSteps: 200, perDeviceTrainBatchSize: 10, learningRate: 1e-2, seed: 1 },
        ...({ evalStrategy: "steps", evalSteps: 100, saveStrategy: "steps", saveSteps: 100 } as const),
        loadBestModelAtEnd: true,
      };
      const run = { ...tinyRun(model, outputDir, args), trainDataset: features, evalDataset: features };
      const trainer = new Trainer(run);
      const { state } = await trainer.train();
      const { eval_accuracy: accuracy = NaN } = await trainer.evaluate();
      assert.ok(accuracy > 0.9, `accuracy ${accuracy}`);
      const report = await classificationReport({ name: "training", model, features, padTokenId: 0 });
      assert.equal(report.accuracy, accuracy);
      assert.deepEqual(
        report.present().rows.map(([label, count]) => [label, count]),
        Object.values(id2label).map((label) => [label, 6]),
      );
      assert.ok(state.bestModelCheckpoint);
      const best = AutoModelForSequenceClassification.fromFolder(state.bestModelCheckpoint);
      const scratch = path.join(folder, "scratch");
      assert.deepEqual(weightBytes(best, scratch), weightBytes(model, scratch));
      assert.deepEqual(best.id2label, id2label);
      best.dispose();
      model.dispose();
    });

    it("refuses a sixth label", () => {
      const model = load();
      const sixth = [{ inputIds: [1, 2], label: 5 }];
      assert.throws(
        () => new Trainer({ ...tinyRun(model, folder), trainDataset: sixth }),
        /has the label 5; the model knows/,
      );
      model.dispose();
    });

    it("answers with five scores in a pipeline", async () => {
      const wide = write(path.join(folder, `${what}-wide`), {
        config: { vocabSize: 30_522, id2label },
      });
      const model = AutoModelForSequenceClassification.fromFolder(wide);
      const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
      const { texts } = await pipeline("text-classification", { model, tokenizer, maxLength: 8 })([
        "A film.",
      ]);
      const [answer] = texts;
      assert.ok(answer);
      const { label, score, scores } = answer;
      assert.deepEqual(Object.keys(scores), Object.values(id2label));
      const sum = Object.values(scores).reduce((total, value) => total + value, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, `scores add up to ${sum}`);
      assert.equal(scores[label], score);
      model.dispose();
    });
  });
