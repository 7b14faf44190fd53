import type { Batch } from "../tokenization/collator";

/**
 * XLA compiles a function for every set of sizes, in seconds, and no two batches have as many tokens and words. Here sizes are
 * made few: rows end at a multiple of this, and what is left of them counts as tokens.
 */
const MULTIPLE = 16;

/** The batch with rows as long as the next multiple of 16 (`pad_to_multiple_of` of transformers), but no longer than `longest`. */
export function widened(batch: Batch, longest: number): Batch {
  const { batchSize, sequenceLength, inputIds, attentionMask, tokenTypeIds } = batch;
  const length = Math.max(sequenceLength, Math.min(longest, Math.ceil(sequenceLength / MULTIPLE) * MULTIPLE));
  const wide = <Values extends Int32Array | Float32Array>(values: Values, into: Values): Values => {
    for (let row = 0; row < batchSize; row += 1)
      into.set(values.subarray(row * sequenceLength, (row + 1) * sequenceLength), row * length);
    return into;
  };
  const count = batchSize * length;
  return {
    ...batch,
    sequenceLength: length,
    // token 0 is in every vocabulary, and nobody looks at it
    inputIds: wide(inputIds, new Int32Array(count)),
    attentionMask: wide(attentionMask, new Float32Array(count)),
    ...(tokenTypeIds && { tokenTypeIds: wide(tokenTypeIds, new Int32Array(count)) }),
  };
}

/** So many different words, ascending, or all of the vocabulary: those given, and others, whose gradient is 0. */
export function filledUp(words: Iterable<number>, count: number, vocabSize: number): Int32Array {
  const all = new Set(words);
  for (let other = 0; other < vocabSize && all.size < count; other += 1) all.add(other);
  return Int32Array.from(all).sort();
}
