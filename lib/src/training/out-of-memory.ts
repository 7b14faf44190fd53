import { TrainingError } from "../runtime/errors";
import type { Batch } from "../tokenization/collator";
import type { TrainingArguments } from "./training-arguments";

/** Bytes of an element, by TensorFlow's name of its type. */
const BYTES: Record<string, number> = {
  double: 8,
  int64: 8,
  half: 2,
  bfloat16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/**
 * TensorFlow's complaint that memory ran out, as an error that says what was asked for and which argument lowers it;
 * any other error as it is.
 */
export function explainOutOfMemory(
  error: unknown,
  { batches, args, step }: { batches: readonly Batch[]; args: TrainingArguments; step: number },
): unknown {
  const message = error instanceof Error ? error.message : "";
  // tensorflow/core/framework/op_kernel.cc, `allocate_tensor`
  const asked = /OOM when allocating tensor with shape\[([\d,]*)\] and type (\w+) on \S*device:(\S+)/.exec(
    message,
  );
  if (!asked) return error;
  const [, sizes = "", type = "float", device = ""] = asked;
  const bytes = sizes.split(",").reduce((product, size) => product * Number(size || 1), BYTES[type] ?? 4);
  const longest = Math.max(...batches.map(({ sequenceLength }) => sequenceLength));
  return new TrainingError(
    `Step ${step} ran out of memory on ${device}: a tensor of shape [${sizes.replaceAll(",", ", ")}] (${type}, ${bytes} bytes) was one too ` +
      `many. Lower perDeviceTrainBatchSize (${args.perDeviceTrainBatchSize}) and raise gradientAccumulationSteps ` +
      `(${args.gradientAccumulationSteps}) as much, or cut the texts by the tokenizer's maxLength: the longest here has ${longest} tokens.`,
    { cause: error },
  );
}
