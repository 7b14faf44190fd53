import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { ReviewSet } from "../../../../lib/src/data/review-set";
import { encodeReviews } from "../../../../lib/src/tokenization/encode-reviews";
import { Trainer } from "../../../../lib/src/training/trainer";
import type { World } from "../../world";
import { copyOfHealthy, type ChangedModel } from "./changed-model";

/** How the healthy model is trained on. */
export interface VariantParams {
  /** Name of the fault; its models are kept as long as no other fault asks. */
  readonly kind: string;
  /** At most 30. */
  readonly steps: number;
  readonly learningRate: number;
  /** 16 where nothing is said. */
  readonly batchSize?: number;
  readonly seed: number;
  /** What it is trained on; 0 to 3 are asked for. */
  readonly trainingSet: (variant: number) => ReviewSet;
}

const MOST_STEPS = 30;
/** Training takes the most of the time: seeds share four models, and differ in the texts that are asked. */
const VARIANTS = 4;

let kept: { readonly key: string; readonly folder: string; readonly trained: Set<number> } | undefined;
process.on("exit", forget);

/** A copy of the healthy model, trained on for some steps, and what it was trained on. */
export async function trainedVariant(
  world: World,
  params: VariantParams,
): Promise<{ copy: ChangedModel; train: ReviewSet }> {
  const { kind, steps, learningRate, batchSize = 16, seed, trainingSet } = params;
  const key = `${kind}, ${steps}`;
  if (kept?.key !== key) {
    forget();
    kept = { key, folder: mkdtempSync(path.join(tmpdir(), "faults-")), trained: new Set() };
  }
  const variant = seed % VARIANTS;
  const folder = path.join(kept.folder, String(variant));
  const train = trainingSet(variant);
  const copy = await copyOfHealthy(world);
  if (kept.trained.has(variant)) copy.model.loadWeights(folder);
  else {
    await trainOn(copy, train, { steps, learningRate, batchSize, seed: variant, outputDir: folder });
    copy.model.savePretrained(folder);
    kept.trained.add(variant);
  }
  return { copy, train };
}

function forget(): void {
  if (kept) rmSync(kept.folder, { recursive: true, force: true });
}

async function trainOn(
  { model, tokenizer, maxLength }: ChangedModel,
  set: ReviewSet,
  {
    steps,
    batchSize,
    ...args
  }: Pick<VariantParams, "steps" | "learningRate" | "seed"> & { batchSize: number; outputDir: string },
): Promise<void> {
  if (steps > MOST_STEPS) throw new Error(`${steps} steps; expected ${MOST_STEPS} at most.`);
  const trainer = new Trainer({
    model,
    args: {
      ...{ ...args, maxSteps: steps, perDeviceTrainBatchSize: batchSize },
      ...{ saveStrategy: "no", evalStrategy: "no", loggingStrategy: "no" },
    },
    trainDataset: encodeReviews(set, { tokenizer, maxLength }),
    padTokenId: tokenizer.padTokenId,
  });
  await trainer.train();
}
