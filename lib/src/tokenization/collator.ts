import { ArgumentError } from "../runtime/errors";

/** What a batch is made of: the ids of one text and, where it is known, its label. */
export interface Feature {
  inputIds: number[];
  label?: number;
}

/** Texts side by side, all as long as the longest. */
export interface Batch {
  batchSize: number;
  sequenceLength: number;
  /** `[batchSize, sequenceLength]`, row by row. */
  inputIds: Int32Array;
  /** `[batchSize, sequenceLength]`: 1 for a token, 0 for padding. */
  attentionMask: Float32Array;
  /** `[batchSize]`, empty where no feature has a label. */
  labels: Int32Array;
}

/**
 * Pads features to the longest of them ("dynamic padding", transformers' DataCollatorWithPadding).
 *
 * @throws ArgumentError for an empty list, an empty text, or labels of some texts only
 */
export function collate(features: Feature[], padTokenId: number): Batch {
  if (features.length === 0)
    throw new ArgumentError("A batch of 0 texts was asked for; expected at least one.");
  const empty = features.findIndex(({ inputIds }) => inputIds.length === 0);
  if (empty >= 0) throw new ArgumentError(`Text ${empty} of a batch has 0 tokens; expected at least one.`);
  const batchSize = features.length;
  const sequenceLength = Math.max(...features.map(({ inputIds }) => inputIds.length));
  const inputIds = new Int32Array(batchSize * sequenceLength).fill(padTokenId);
  const attentionMask = new Float32Array(batchSize * sequenceLength);
  for (const [row, feature] of features.entries()) {
    inputIds.set(feature.inputIds, row * sequenceLength);
    attentionMask.fill(1, row * sequenceLength, row * sequenceLength + feature.inputIds.length);
  }
  const labels = features.flatMap(({ label }) => (label === undefined ? [] : [label]));
  if (labels.length > 0 && labels.length < batchSize)
    throw new ArgumentError(
      `${labels.length} of ${batchSize} texts of a batch have a label; expected all or none.`,
    );
  return { batchSize, sequenceLength, inputIds, attentionMask, labels: Int32Array.from(labels) };
}
