import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { Trainer } from "../../../lib/src/training/trainer";
import type { LogEntry } from "../../../lib/src/training/trainer-state";
import type { TrainingArguments } from "../../../lib/src/training/training-arguments";
import { setFixtureHead } from "../model/agreement-fixture";
import { temporaryFolder } from "../temporary-folder";

/** What transformers' Trainer logged, see test/fixtures/make_trainer_fixtures.py. */
interface Fixture {
  texts: { text: string; label: number }[];
  runs: Record<string, FixtureRun>;
  /** First step of the accumulated run where transformers is not told that the loss is not divided. */
  sumOfMeans: { loss: number; gradNorm: number };
}

interface FixtureRun {
  args: Partial<TrainingArguments>;
  losses: number[];
  learningRates: number[];
  gradNorms: number[];
  epochs: number[];
}

const ENCODER = path.join(REPOSITORY, "data/downloads/encoder");
const fixture = JSON.parse(
  readFileSync(path.join(REPOSITORY, "test/fixtures/trainer.json"), "utf8"),
) as Fixture;

/** What our Trainer logs of each step of the same run. */
async function logOfRun(args: Partial<TrainingArguments>): Promise<LogEntry[]> {
  const tokenizer = Tokenizer.fromFolder(ENCODER);
  const calm = { dropout: 0, attentionDropout: 0, seqClassifDropout: 0 };
  const model = DistilBertForSequenceClassification.fromFolder(ENCODER, calm);
  setFixtureHead(model);
  const trainer = new Trainer({
    model,
    args: {
      outputDir: temporaryFolder(),
      ...{ ...args, trainSamplingStrategy: "sequential", loggingSteps: 1, saveStrategy: "no" },
    },
    trainDataset: fixture.texts.map(({ text, label }) => ({
      inputIds: tokenizer.encode(text, { maxLength: 512 }).inputIds,
      label,
    })),
    padTokenId: tokenizer.padTokenId,
  });
  try {
    const { state } = await trainer.train();
    return state.logHistory.filter(({ loss }) => loss !== undefined);
  } finally {
    model.dispose();
  }
}

describe(
  "lib's Trainer and transformers'",
  { skip: !existsSync(ENCODER) && "the encoder is not here: npm run setup" },
  () => {
    for (const [name, { args, losses, learningRates, gradNorms, epochs }] of Object.entries(fixture.runs))
      it(`log the same ${losses.length} steps of a ${name} run: losses within 1e-4, rates, norms, epochs`, async () => {
        const log = await logOfRun(args);
        assert.deepEqual(
          log.map(({ epoch }) => epoch),
          epochs,
        );
        for (const [index, entry] of log.entries()) {
          const step = `step ${index + 1}`;
          const { loss = NaN, learning_rate: rate = NaN, grad_norm: norm = NaN } = entry;
          const [expected = NaN, expectedNorm = NaN] = [losses[index], gradNorms[index]];
          // measured on two cores: losses within 4e-6, norms within 5e-5 of themselves; other CPUs round otherwise
          assert.ok(Math.abs(loss - expected) < 1e-4, `${step}: loss ${loss}, not ${expected}`);
          assert.ok(
            Math.abs(norm - expectedNorm) < 1e-3 * expectedNorm,
            `${step}: norm ${norm}, not ${expectedNorm}`,
          );
          assert.ok(Math.abs(rate - (learningRates[index] ?? NaN)) < 1e-15, `${step}: rate ${rate}`);
        }
        assert.equal(log.length, losses.length);
      });

    it("differ in accumulation where transformers is not told better: it adds means up, here they are averaged", async () => {
      const args = fixture.runs["accumulated"]?.args;
      const [first] = await logOfRun({ ...args, maxSteps: 1, warmupSteps: 0 });
      const { loss, gradNorm } = fixture.sumOfMeans;
      assert.ok(Math.abs(2 * (first?.loss ?? NaN) - loss) < 1e-4);
      assert.ok(Math.abs(2 * (first?.["grad_norm"] ?? NaN) - gradNorm) < 1e-3 * gradNorm);
    });
  },
);
