import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { Batch } from "../tokenization/collator";
import { withGradient } from "./layers";

/**
 * Where a batch's tokens are among its padding.
 *
 * All but attention looks at each token alone, so it runs on the tokens only, `[tokens, dim]`: padding, which is a third of a
 * batch of short reviews, costs nothing there. Attention takes them at their places, `[batch * sequence, dim]`.
 */
export interface TokenLayout {
  batch: Batch;
  /** Place of each token in the padded batch, int32 `[tokens]`. */
  places: tf.Tensor1D;
  /** Token at each place of the padded batch, int32 `[batch * sequence]`; padding names token 0, and nobody looks at it. */
  tokenAt: tf.Tensor1D;
  /** Position of each token in its text, int32 `[tokens]`. */
  positions: tf.Tensor1D;
  /** Id of each token, int32 `[tokens]`. */
  ids: tf.Tensor1D;
  /** The first token of each text, int32 `[batch]`. */
  firstTokens: tf.Tensor1D;
}

/** Finds the tokens of a batch by its attention mask. */
export function tokenLayout(batch: Batch): TokenLayout {
  const { attentionMask, inputIds, batchSize, sequenceLength } = batch;
  const places: number[] = [];
  const tokenAt = new Int32Array(attentionMask.length);
  for (const [place, attended] of attentionMask.entries()) {
    if (attended === 0) continue;
    tokenAt[place] = places.length;
    places.push(place);
  }
  const firstTokens = Array.from({ length: batchSize }, (_, text) => tokenAt[text * sequenceLength] ?? 0);
  const whole = (values: ArrayLike<number>): tf.Tensor1D => tf.tensor1d(Int32Array.from(values), "int32");
  return {
    batch,
    places: whole(places),
    tokenAt: whole(tokenAt),
    positions: whole(places.map((place) => place % sequenceLength)),
    ids: whole(places.map((place) => inputIds[place] ?? 0)),
    firstTokens: whole(firstTokens),
  };
}

/**
 * Tokens at their places, `[tokens, dim]` to `[batch * sequence, dim]`.
 *
 * The gradient takes the tokens' rows alone: padded keys and values have weight 0 and nobody reads padded queries, so what
 * flows back to padding is exactly 0.
 */
export function atPlaces(tokens: Tensor, layout: TokenLayout): Tensor {
  const op = withGradient((inputs, save) => {
    save([layout.places]);
    const [rows] = inputs as [Tensor];
    return {
      value: tf.gather(rows, layout.tokenAt),
      gradient: (dy, saved) => [tf.gather(dy, saved[0] as tf.Tensor1D)],
    };
  });
  return op(tokens);
}

/** The tokens out of their places, `[batch * sequence, dim]` to `[tokens, dim]`. */
export function tokensOnly(padded: Tensor, layout: TokenLayout): Tensor {
  const op = withGradient((inputs, save) => {
    save([layout.places]);
    const [rows] = inputs as [Tensor];
    const [count = 0] = rows.shape as number[];
    return {
      value: tf.gather(rows, layout.places),
      gradient: (dy, saved) => [tf.unsortedSegmentSum(dy, saved[0] as tf.Tensor1D, count)],
    };
  });
  return op(padded);
}
