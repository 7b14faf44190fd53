import { permutation, seededRandom } from "../runtime/random";
import type { TrainingArguments } from "./training-arguments";

/** Numbers of the examples of every batch of one epoch, in order; the same for the same seed and epoch. */
export function epochBatches(args: TrainingArguments, examples: number, epoch: number): number[][] {
  const order =
    args.trainSamplingStrategy === "sequential"
      ? Array.from({ length: examples }, (_, index) => index)
      : permutation(examples, seededRandom(args.seed + epoch));
  const size = args.perDeviceTrainBatchSize;
  return Array.from({ length: Math.ceil(examples / size) }, (_, batch) =>
    order.slice(batch * size, (batch + 1) * size),
  );
}
