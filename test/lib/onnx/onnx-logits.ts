import { InferenceSession, Tensor } from "onnxruntime-node";
import { collate, type Feature } from "../../../lib/src/tokenization/collator";

/** Logits of texts, as onnxruntime computes them from a file, a batch of `batchSize` at a time. */
export async function onnxLogits(
  file: string,
  features: Feature[],
  batchSize = features.length,
): Promise<number[][]> {
  const session = await InferenceSession.create(file);
  const rows: number[][] = [];
  for (let begin = 0; begin < features.length; begin += batchSize)
    rows.push(...(await batchLogits(session, features.slice(begin, begin + batchSize))));
  await session.release();
  return rows;
}

async function batchLogits(session: InferenceSession, features: Feature[]): Promise<number[][]> {
  const { batchSize, sequenceLength, inputIds, attentionMask, tokenTypeIds } = collate(features, 0);
  const whole = (values: ArrayLike<number>): Tensor =>
    new Tensor("int64", BigInt64Array.from(Array.from(values), BigInt), [batchSize, sequenceLength]);
  const types = tokenTypeIds ?? new Int32Array(inputIds.length);
  const feeds = {
    ...{ input_ids: whole(inputIds), attention_mask: whole(attentionMask) },
    ...(session.inputNames.includes("token_type_ids") && { token_type_ids: whole(types) }),
  };
  const { logits } = await session.run(feeds);
  const [, labels = 0] = logits?.dims ?? [];
  const values = Array.from(logits?.data as Float32Array);
  return features.map((_, row) => values.slice(row * labels, (row + 1) * labels));
}

/** The largest difference between two lists of logits. */
export function largestDifference(left: number[][], right: number[][]): number {
  const differences = left.flatMap((row, index) =>
    row.map((value, label) => Math.abs(value - (right[index]?.[label] ?? NaN))),
  );
  // NaN counts as one
  return differences.reduce((most, value) => (value <= most ? most : value), 0);
}
