import { ArgumentError } from "../runtime/errors";

/** What a batch is made of: the ids of one text and, where it is known, its label. */
export interface Feature {
  inputIds: number[];
  /** Type of each token, such as 0 for a first text and 1 for a second; all 0 where there are none. DistilBERT reads none. */
  tokenTypeIds?: number[];
  label?: number;
}

/** Texts side by side, all of one length. */
export interface Batch {
  batchSize: number;
  sequenceLength: number;
  /** `[batchSize, sequenceLength]`, row by row. */
  inputIds: Int32Array;
  /** `[batchSize, sequenceLength]`: 1 for a token, 0 for padding. */
  attentionMask: Float32Array;
  /** `[batchSize, sequenceLength]`, 0 for padding; missing where no feature has any. */
  tokenTypeIds?: Int32Array;
  /** `[batchSize]`, empty where no feature has a label. */
  labels: Int32Array;
}

/** How features are padded. */
export interface CollateOptions {
  /** Length of every row in tokens (transformers' `padding="max_length"`); the longest text's where nothing is said. */
  padToLength?: number;
}

/**
 * Pads features to the longest of them ("dynamic padding", transformers' DataCollatorWithPadding), or to a fixed length.
 *
 * @throws ArgumentError for an empty list, an empty text, labels of some texts only, not one type a token, or a text longer
 *   than `padToLength`
 */
export function collate(features: Feature[], padTokenId: number, options: CollateOptions = {}): Batch {
  if (features.length === 0)
    throw new ArgumentError("A batch of 0 texts was asked for; expected at least one.");
  const empty = features.findIndex(({ inputIds }) => inputIds.length === 0);
  if (empty >= 0) throw new ArgumentError(`Text ${empty} of a batch has 0 tokens; expected at least one.`);
  const batchSize = features.length;
  const sequenceLength = paddedLength(features, options);
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
  const tokenTypeIds = paddedTokenTypes(features, sequenceLength);
  return {
    ...{ batchSize, sequenceLength, inputIds, attentionMask, labels: Int32Array.from(labels) },
    ...(tokenTypeIds && { tokenTypeIds }),
  };
}

function paddedTokenTypes(features: Feature[], sequenceLength: number): Int32Array | undefined {
  if (features.every(({ tokenTypeIds }) => tokenTypeIds === undefined)) return undefined;
  const types = new Int32Array(features.length * sequenceLength);
  for (const [row, { inputIds, tokenTypeIds }] of features.entries()) {
    if (tokenTypeIds === undefined) continue;
    if (tokenTypeIds.length !== inputIds.length)
      throw new ArgumentError(
        `Text ${row} of a batch has ${inputIds.length} tokens and ${tokenTypeIds.length} token types; expected one each.`,
      );
    types.set(tokenTypeIds, row * sequenceLength);
  }
  return types;
}

function paddedLength(features: Feature[], { padToLength }: CollateOptions): number {
  const lengths = features.map(({ inputIds }) => inputIds.length);
  if (padToLength === undefined) return Math.max(...lengths);
  if (!Number.isInteger(padToLength) || padToLength < 1)
    throw new ArgumentError(`padToLength is ${padToLength}; expected a whole number above 0.`);
  const long = lengths.findIndex((length) => length > padToLength);
  if (long >= 0)
    throw new ArgumentError(
      `Text ${long} of a batch has ${lengths[long]} tokens and padToLength is ${padToLength}: encode with a maxLength of at most that.`,
    );
  return padToLength;
}
