import { ArgumentError } from "../runtime/errors";
import { DT, attribute, runOp } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { Batch } from "../tokenization/collator";
import type { DistilBertConfig } from "./config";
import { withGradient } from "./layers";
import { filledUp, widened } from "./few-sizes";
import { lengthOf, rowsAt, sumOfRows } from "./rows";

/** Added to the attention score of padding: its weight becomes exactly 0 in float32. */
const MASKED = -1e9;

/**
 * A batch as the model reads it: its tokens, and where they are among its padding.
 *
 * All but attention looks at each token alone, so it runs on the tokens only, `[tokens, dim]`: padding, which is a third of a
 * batch of short reviews, costs nothing there. Attention takes them at their places, `[batch * sequence, dim]`.
 *
 * Sizes that vary from batch to batch are tensors too: so the forward pass is the same graph for every batch.
 */
export interface TokenLayout {
  /** Id of each token, int32 `[tokens]`. */
  ids: Tensor;
  /** The ids that occur, ascending, int32 `[words]`. */
  words: Tensor;
  /** Which of them each token is, int32 `[tokens]`. */
  wordRows: Tensor;
  /** Position of each token in its text, int32 `[tokens]`. */
  positions: Tensor;
  /** Place of each token in the padded batch, int32 `[tokens]`. */
  places: Tensor;
  /** Token at each place of the padded batch, int32 `[batch * sequence]`; padding names token 0, and nobody looks at it. */
  tokenAt: Tensor;
  /** The first token of each text, int32 `[batch]`. */
  firstTokens: Tensor;
  /** The same, and the number of all tokens: int32 `[batch + 1]`. */
  starts: Tensor;
  /** Added to the attention scores, `[batch, 1, 1, sequence]`: 0 for a token, a large negative number for padding. */
  maskBias: Tensor;
  /** batch, sequence, heads, headDim: int32 `[4]`. */
  headShape: Tensor;
}

/** What a batch must fit. */
export type LayoutConfig = Pick<DistilBertConfig, "nHeads" | "dim" | "vocabSize" | "maxPositionEmbeddings">;

/** How a batch is laid out. */
export interface LayoutOptions {
  /**
   * Whether batches of as many texts and like lengths have the same sizes, for XLA, which compiles for each: rows are
   * {@link widened}, and padding counts as tokens. That is more to compute and gives the same: attention has a weight of exactly
   * 0 for padding, and nobody reads what comes of it.
   */
  fewSizes?: boolean | undefined;
}

/**
 * Finds the tokens of a batch by its attention mask; the caller frees the tensors.
 *
 * @throws ArgumentError for a text longer than the model's positions, or a token outside its vocabulary
 */
export function tokenLayout(
  batch: Batch,
  config: LayoutConfig,
  { fewSizes = false }: LayoutOptions = {},
): TokenLayout {
  checkBatch(batch, config);
  const { attentionMask, inputIds, batchSize, sequenceLength } = fewSizes
    ? widened(batch, config.maxPositionEmbeddings)
    : batch;
  const places: number[] = [];
  const tokenAt = new Int32Array(attentionMask.length);
  const starts: number[] = [];
  for (const [place, attended] of attentionMask.entries()) {
    if (place % sequenceLength === 0) starts.push(places.length);
    if (attended === 0 && !fewSizes) continue;
    tokenAt[place] = places.length;
    places.push(place);
  }
  const firstTokens = Array.from({ length: batchSize }, (_, text) => tokenAt[text * sequenceLength] ?? 0);
  const whole = (values: ArrayLike<number>): Tensor => tf.tensor1d(Int32Array.from(values), "int32");
  const ids = places.map((place) => inputIds[place] ?? 0);
  const words = filledUp(ids, fewSizes ? ids.length : 0, config.vocabSize);
  const rowOf = new Map([...words].map((word, row) => [word, row]));
  const bias = attentionMask.map((attended) => (attended === 0 ? MASKED : 0));
  return {
    ids: whole(ids),
    words: whole(words),
    wordRows: whole(ids.map((id) => rowOf.get(id) ?? 0)),
    positions: whole(places.map((place) => place % sequenceLength)),
    places: whole(places),
    tokenAt: whole(tokenAt),
    firstTokens: whole(firstTokens),
    starts: whole([...starts, places.length]),
    maskBias: tf.tensor(bias, [batchSize, 1, 1, sequenceLength]),
    headShape: whole([batchSize, sequenceLength, config.nHeads, config.dim / config.nHeads]),
  };
}

/** Refuses what the tables have no row for: TensorFlow's own error names neither, and on a GPU it gives zeros instead. */
function checkBatch({ inputIds, sequenceLength }: Batch, config: LayoutConfig): void {
  const { maxPositionEmbeddings, vocabSize } = config;
  if (sequenceLength > maxPositionEmbeddings)
    throw new ArgumentError(
      `A text of the batch has ${sequenceLength} tokens; the model reads at most ${maxPositionEmbeddings}: lower maxLength.`,
    );
  const unknown = inputIds.find((id) => id < 0 || id >= vocabSize);
  if (unknown !== undefined)
    throw new ArgumentError(
      `The batch has the token ${unknown}; the model's vocabulary has 0 to ${vocabSize - 1}: is this its tokenizer?`,
    );
}

/**
 * Tokens at their places, each cut into heads: `[tokens, dim]` to `[batch, sequence, heads, headDim]`.
 *
 * The gradient takes the tokens' rows alone: padded keys and values have weight 0 and nobody reads padded queries, so what
 * flows back to padding is exactly 0.
 */
export function headsAtPlaces(tokens: Tensor, layout: TokenLayout): Tensor {
  const dim = tokens.shape[1] ?? 0;
  const op = withGradient((inputs, save) => {
    save([layout.places]);
    const [rows] = inputs as [Tensor];
    return {
      value: reshape(rowsAt(rows, layout.tokenAt), layout.headShape),
      gradient: (dy, saved) => [rowsAt(asRows(dy, dim), saved[0] as Tensor)],
    };
  });
  return op(tokens);
}

/** The tokens out of their places and heads, `[batch, sequence, heads, headDim]` to `[tokens, dim]`. */
export function tokensOnly(padded: Tensor, layout: TokenLayout): Tensor {
  const [, , heads = 0, headDim = 0] = padded.shape;
  const op = withGradient((inputs, save) => {
    save([layout.places, layout.tokenAt, layout.headShape]);
    const [values] = inputs as [Tensor];
    return {
      value: rowsAt(asRows(values, heads * headDim), layout.places),
      gradient: (dy, saved) => {
        const [places, tokenAt, headShape] = saved as [Tensor, Tensor, Tensor];
        return [reshape(sumOfRows(dy, places, lengthOf(tokenAt)), headShape)];
      },
    };
  });
  return op(padded);
}

/** One row for each text in heads, `[batch, dim]` to `[batch, heads, 1, headDim]`. */
export function headsOfTexts(rows: Tensor, heads: number): Tensor {
  const dim = rows.shape[1] ?? 0;
  return reshaped(rows, [-1, heads, 1, dim / heads], [-1, dim]);
}

/** The same out of their heads. */
export function rowsOfTexts(inHeads: Tensor): Tensor {
  const [, heads = 0, , headDim = 0] = inHeads.shape;
  return reshaped(inHeads, [-1, heads * headDim], [-1, heads, 1, headDim]);
}

/** Another shape, whatever the batch's size; `before` is the one that the gradient gets back. */
function reshaped(tensor: Tensor, shape: number[], before: number[]): Tensor {
  const to = (x: Tensor, shape: number[]): Tensor => reshape(x, tf.tensor1d(shape, "int32"));
  const op = withGradient((inputs) => ({
    value: to(inputs[0] as Tensor, shape),
    gradient: (dy) => [to(dy, before)],
  }));
  return op(tensor);
}

function reshape(tensor: Tensor, shape: Tensor): Tensor {
  return runOp(
    "Reshape",
    [tensor, shape],
    [attribute.type("T", DT.FLOAT), attribute.type("Tshape", DT.INT32)],
  );
}

/** `[..., heads, headDim]` to `[rows, dim]`. */
function asRows(tensor: Tensor, dim: number): Tensor {
  return reshape(tensor, tf.tensor1d([-1, dim], "int32"));
}
