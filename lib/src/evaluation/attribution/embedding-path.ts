import type { SequenceClassificationModel } from "../../model/sequence-classification-model";
import type { TokenLayout } from "../../model/token-layout";
import { watchInterrupt } from "../../runtime/interrupt";
import { startProgress } from "../../runtime/progress";
import type { Tensor } from "../../runtime/tensor";
import { tf } from "../../runtime/tensorflow";
import { collate } from "../../tokenization/collator";
import { gaussLegendre, type Quadrature } from "./gauss-legendre";

/** What {@link embeddingPath} integrates. */
export interface EmbeddingPathParams {
  model: SequenceClassificationModel;
  /** Tokens of one text, special ones included. */
  inputIds: number[];
  /** Where the path begins: as many tokens. */
  baselineIds: number[];
  /** The output whose logit is explained. */
  target: number;
  /** Points on the path. */
  steps: number;
}

/** Tokens of a pass forward and back: more of them at once are no quicker, and need memory. */
const TOKENS_OF_A_PASS = 2_048;

/**
 * Integrated gradients of a logit (Sundararajan et al. 2017) by token, along the straight line from the baseline's word embeddings to the
 * text's; positions and token types stay. That is captum's `LayerIntegratedGradients(forward, embeddings.word_embeddings)` with its default
 * method, "gausslegendre", summed over the embedding's dimensions.
 *
 * @throws InterruptedError when the reader stops it
 */
export async function embeddingPath(params: EmbeddingPathParams): Promise<number[]> {
  const { inputIds, steps } = params;
  const { points, weights } = gaussLegendre(steps);
  const size = Math.max(1, Math.floor(TOKENS_OF_A_PASS / inputIds.length));
  const attributions = inputIds.map(() => 0);
  const progress = startProgress({ total: steps, label: "Integrated gradients", unit: "steps" });
  const checkInterrupt = watchInterrupt();
  try {
    for (let begin = 0; begin < steps; begin += size) {
      await checkInterrupt("Integrated gradients");
      const end = begin + size;
      const shares = pathShares(params, {
        points: points.slice(begin, end),
        weights: weights.slice(begin, end),
      });
      for (const [token, share] of shares.entries()) attributions[token] = (attributions[token] ?? 0) + share;
      progress.update(Math.min(steps, begin + size));
    }
  } finally {
    progress.end();
  }
  return attributions;
}

/** What some of the path's points add to each token's attribution. */
export function pathShares(
  params: Omit<EmbeddingPathParams, "steps">,
  { points, weights }: Quadrature,
): Float32Array {
  const { model, inputIds, baselineIds, target } = params;
  const column = (values: readonly number[]): Tensor => tf.tensor([...values], [values.length, 1, 1]);
  return tf.tidy(() => {
    const batch = collate(
      points.map(() => ({ inputIds })),
      0,
    );
    const inputs = model.rowWise(model.layout(batch));
    const start = embeddingsOf(model, baselineIds);
    const way = tf.sub(embeddingsOf(model, inputIds), start); // [tokens, dim]
    const onPath = tf.add(start, tf.mul(column(points), way)); // [points, tokens, dim]
    const gradient = tf.grad((rows: Tensor) => {
      const logits = logitsOfRows(model, inputs, tf.reshape(rows, [-1, way.size / inputIds.length]));
      return tf.sum(tf.slice(logits, [0, target], [-1, 1]));
    })(onPath);
    const mean = tf.sum(tf.mul(column(weights), gradient), 0); // [tokens, dim]
    return tf.sum(tf.mul(mean, way), 1).dataSync<"float32">();
  });
}

/** Word embeddings of tokens, `[tokens, dim]`. */
function embeddingsOf(model: SequenceClassificationModel, ids: number[]): Tensor {
  const table = model.variables.get(model.wordTable);
  if (!table) throw new Error(`no parameter ${model.wordTable}`);
  return table.readRows(tf.tensor1d(ids, "int32"));
}

/** Logits of a batch whose tokens have these word embeddings: a table with a row for each token, in their order. */
function logitsOfRows(
  model: SequenceClassificationModel,
  { parameters, layout }: ReturnType<SequenceClassificationModel["rowWise"]> & { layout: TokenLayout },
  rows: Tensor,
): Tensor {
  return model.forward({
    parameters: { ...parameters, [model.wordTable]: rows },
    layout: { ...layout, ids: tf.range(0, layout.ids.size, 1, "int32") },
  });
}
