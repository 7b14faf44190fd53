import type { ReviewSet } from "../../../../lib/src/data/review-set";
import type { TrainedRun } from "../../../../lib/src/diagnosis/subject";
import type { SequenceClassificationModel } from "../../../../lib/src/model/sequence-classification-model";
import { encodeReviews } from "../../../../lib/src/tokenization/encode-reviews";
import { Trainer } from "../../../../lib/src/training/trainer";
import type { TrainingArguments } from "../../../../lib/src/training/training-arguments";
import type { World } from "../../world";

/** Tokens that a short run reads: half of what the healthy model does, in less than half the time. */
export const SHORT_LENGTH = 32;
const STEPS = 30;

/** Trains a model, a new one where none is given, for 30 steps of 8 texts, checked every 6 steps where there is a validation set. */
export async function shortRun(params: {
  world: World;
  seed: number;
  train: ReviewSet;
  validation?: ReviewSet;
  model?: SequenceClassificationModel;
  args?: Partial<TrainingArguments>;
}): Promise<{ model: SequenceClassificationModel; run: TrainedRun }> {
  const { world, seed, train, validation, args } = params;
  const { tokenizer } = await world.healthyModel();
  const encode = (set: ReviewSet) => encodeReviews(set, { tokenizer, maxLength: SHORT_LENGTH });
  const model = params.model ?? (await world.newModel(seed));
  const trainer = new Trainer({
    model,
    args: {
      ...{ outputDir: "unused", seed, maxSteps: STEPS, perDeviceTrainBatchSize: 8, saveStrategy: "no" },
      ...{ loggingSteps: 3, evalSteps: 6, perDeviceEvalBatchSize: 64, metricForBestModel: "accuracy" },
      evalStrategy: validation ? "steps" : "no",
      ...args,
    },
    trainDataset: encode(train),
    ...(validation && { evalDataset: encode(validation) }),
    padTokenId: tokenizer.padTokenId,
  });
  const { state } = await trainer.train();
  const { logHistory, bestGlobalStep } = state;
  return { model, run: { logHistory, bestGlobalStep, metricForBestModel: "accuracy" } };
}
