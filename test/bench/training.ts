/**
 * Training against PyTorch at its best (sdpa attention, fused AdamW, all threads) and transformers' Trainer: `npm run bench -- training`.
 * Whole steps with dropout, an epoch from texts to the last step, and the peak memory of a step.
 */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { ReviewSet } from "../../lib/src/data/review-set";
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { describeRuntime } from "../../lib/src/runtime/describe-runtime";
import { encodeReviews } from "../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { Trainer, type TrainerParams } from "../../lib/src/training/trainer";
import { compete, type Row } from "./contest";
import { baseModel, classifier, ENCODER, NO_IMDB, outputPath, reviews } from "./fixtures";
import { missingPackage, PythonWorker } from "./python-worker";
import { Steps, type StepParams } from "./step";

interface Run {
  seconds: number;
  loss: number;
}

/** Losses of one batch, with dropout: further apart, and the two do not compute the same. */
const LOSS_TOLERANCE = 0.3;
/** Reviews, tokens of a review, and reviews of a batch in an epoch. */
const [REVIEWS, MAX_LENGTH, BATCH] = [1000, 256, 16];
const device = describeRuntime().device === "gpu" ? "cuda" : "cpu";

type Model = "DistilBERT-base" | "packaged encoder";

function folderOf(model: Model, python: PythonWorker): Promise<string> {
  return model === "DistilBERT-base" ? baseModel(python) : classifier(python);
}

/** A row of whole steps, so many a round. */
function stepRow(model: Model, size: { batch: number; length: number; bf16?: boolean; steps: number }): Row {
  const { batch, length, bf16 = false, steps } = size;
  return {
    name: `${model}, step of ${batch} x ${length}, ${bf16 ? "bf16" : "f32"}`,
    unit: "ms a step",
    open: async (python) => {
      const params: StepParams = { model: await folderOf(model, python), batch, length, bf16 };
      const ours = new Steps(params);
      ours.warmUp();
      await python.ask("open", { name: "torch", kind: "step", ...params, device });
      // both run once: what they compute must be the same before it is worth timing
      const losses = [ours.run(1).loss, (await python.ask<Run>("run", { name: "torch", steps: 1 })).loss];
      assertClose(losses);
      const milliseconds = ({ seconds }: Run): number => (1000 * seconds) / steps;
      return {
        ours: () => Promise.resolve(milliseconds(ours.run(steps))),
        others: { PyTorch: async () => milliseconds(await python.ask<Run>("run", { name: "torch", steps })) },
        close: () => {
          ours.dispose();
        },
      };
    },
  };
}

/** A row of epochs: each begins with the model as it was read, and its clock with the texts. */
const epochRow: Row = {
  name: `packaged encoder, epoch over ${REVIEWS} reviews of up to ${MAX_LENGTH} tokens, batches of ${BATCH}`,
  unit: "s",
  missing: NO_IMDB ?? missingPackage("accelerate"),
  warmUps: 0,
  open: async (python) => {
    const [model, { rows, file }] = [await classifier(python), await reviews(REVIEWS)];
    const out = outputPath("run");
    const rival = { model, tokenizer: ENCODER, file, batch: BATCH, maxLength: MAX_LENGTH, device, out };
    await python.ask("open", { name: "trainer", kind: "epoch", ...rival });
    return {
      ours: () => ourEpoch(model, new ReviewSet("IMDB", rows, { 0: "NEGATIVE", 1: "POSITIVE" }), out),
      others: {
        "transformers' Trainer": async () => (await python.ask<Run>("run", { name: "trainer" })).seconds,
      },
    };
  },
};

async function ourEpoch(folder: string, set: ReviewSet, outputDir: string): Promise<number> {
  const model = DistilBertForSequenceClassification.fromFolder(folder);
  const args = {
    ...{ outputDir, numTrainEpochs: 1, perDeviceTrainBatchSize: BATCH, saveStrategy: "no" },
    trainSamplingStrategy: "group_by_length",
  };
  const begin = performance.now();
  const tokenizer = Tokenizer.fromFolder(ENCODER);
  const trainDataset = encodeReviews(set, { tokenizer, maxLength: MAX_LENGTH });
  await new Trainer({
    ...{ model, trainDataset, padTokenId: tokenizer.padTokenId },
    args: args as TrainerParams["args"],
  }).train();
  const seconds = (performance.now() - begin) / 1000;
  model.dispose();
  return seconds;
}

/** A row of peak memories: both in a process of its own. */
function memoryRow(
  what: string,
  savings: Pick<StepParams, "gradientCheckpointing" | "gradientAccumulationSteps"> = {},
): Row {
  const [batch, length] = [16, 128];
  return {
    name: `DistilBERT-base, peak memory of steps of ${batch} x ${length}, f32${what}`,
    unit: "MB",
    warmUps: 0,
    open: async (python) => {
      const params = { model: await baseModel(python), batch, length, bf16: false, steps: 5, ...savings };
      const megabytes = ({ bytes }: { bytes: number }): number => bytes / 1e6;
      const file = path.join(__dirname, "peak-memory.ts");
      return {
        ours: () => {
          const argv = ["--import", "tsx", file, JSON.stringify(params)];
          const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
          const printed = execFileSync(process.execPath, argv, { encoding: "utf8", stdio });
          return Promise.resolve(megabytes(JSON.parse(printed) as { bytes: number }));
        },
        others: {
          PyTorch: async () => {
            const own = new PythonWorker();
            try {
              return megabytes(await own.ask("peakMemory", { ...params, device: "cpu" }));
            } finally {
              own.close();
            }
          },
        },
      };
    },
  };
}

function assertClose(losses: readonly number[]): void {
  const [ours = NaN, theirs = NaN] = losses;
  if (!(Math.abs(ours - theirs) < LOSS_TOLERANCE))
    throw new Error(`the losses are ${ours} and ${theirs}: the two do not compute the same`);
}

void compete("training", () => [
  stepRow("DistilBERT-base", { batch: 16, length: 128, steps: 2 }),
  stepRow("DistilBERT-base", { batch: 16, length: 256, steps: 1 }),
  stepRow("DistilBERT-base", { batch: 16, length: 128, bf16: true, steps: 2 }),
  stepRow("DistilBERT-base", { batch: 16, length: 256, bf16: true, steps: 1 }),
  stepRow("packaged encoder", { batch: 16, length: 32, steps: 20 }),
  stepRow("packaged encoder", { batch: 4, length: 32, steps: 40 }),
  epochRow,
  memoryRow(""),
  memoryRow(", gradientCheckpointing", { gradientCheckpointing: true }),
  memoryRow(", in 4 parts of 4", { gradientAccumulationSteps: 4 }),
]);
