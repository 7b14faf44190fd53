import { permutation, seededRandom } from "../runtime/random";
import type { TrainingArguments } from "./training-arguments";

/** Numbers of the examples of every batch of one epoch, in order; the same for the same seed and epoch. */
export function epochBatches(args: TrainingArguments, examples: number, epoch: number): number[][] {
  const order =
    args.trainSamplingStrategy === "sequential"
      ? Array.from({ length: examples }, (_, index) => index)
      : permutation(examples, seededRandom(args.seed + epoch));
  return inGroups(order, args.perDeviceTrainBatchSize);
}

/** The batches of one epoch by update, `gradientAccumulationSteps` each; the last update has the rest. */
export function epochUpdates(args: TrainingArguments, examples: number, epoch: number): number[][][] {
  return inGroups(epochBatches(args, examples, epoch), args.gradientAccumulationSteps);
}

function inGroups<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  );
}
