import { describeRuntime } from "../runtime/describe-runtime";
import { DT, attribute, runOps, type OpAttribute } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { Precision } from "./precision";

/** What one call site drops: the same seed, int32 `[2]`, and site drop the same values; without a seed nothing. */
export interface DropSite {
  seed?: Tensor;
  rate: number;
  site: number;
}

let switchedOff = false;

/** Whether TensorFlow has lib's own fused operations for the device: on a CPU it has (environment/tfjs-node/binding/kernels). */
export function hasFusedOperations(): boolean {
  return !switchedOff && describeRuntime().device === "cpu";
}

/** Calls a function that uses TensorFlow's own operations alone, as on a GPU. */
export function withoutFusedOperations<T>(body: () => T): T {
  const before = switchedOff;
  switchedOff = true;
  try {
    return body();
  } finally {
    switchedOff = before;
  }
}

const typed = (precision: Precision): OpAttribute =>
  attribute.type("T", precision === "bfloat16" ? DT.BFLOAT16 : DT.FLOAT);

const seedOf = ({ seed }: DropSite): Tensor => seed ?? tf.tensor1d([0, 0], "int32");

const dropping = ({ seed, rate, site }: DropSite): OpAttribute[] => [
  attribute.float("rate", seed ? rate : 0),
  attribute.int("site", site),
];

/** The exact GELU of x `[rows, dim]` + bias `[dim]` ({@link gelu}). */
export function biasGelu(x: Tensor, bias: Tensor, precision: Precision): Tensor {
  return first(runOps("BiasGelu", [x, bias], [typed(precision)], 1));
}

/** Gradients of {@link biasGelu}: of x and of the bias. */
export function biasGeluGradient(
  dy: Tensor,
  x: Tensor,
  bias: Tensor,
  precision: Precision,
): [dx: Tensor, dBias: Tensor] {
  return runOps("BiasGeluGrad", [dy, x, bias], [typed(precision)], 2) as [Tensor, Tensor];
}

/** What {@link addLayerNorm} gives: its value, and what its gradient needs. */
export type AddLayerNormResult = [value: Tensor, normal: Tensor, inverse: Tensor];

/**
 * `layerNorm(residual + dropout(x + bias))` of x and residual `[rows, dim]`; bias `[dim]`, or `[0]` for none.
 *
 * Only x may be in bfloat16.
 */
export function addLayerNorm(params: {
  x: Tensor;
  bias: Tensor;
  residual: Tensor;
  scale: Tensor;
  shift: Tensor;
  epsilon: number;
  drop: DropSite;
  precision: Precision;
}): AddLayerNormResult {
  const { x, bias, residual, scale, shift, epsilon, drop, precision } = params;
  const attributes = [typed(precision), ...dropping(drop), attribute.float("epsilon", epsilon)];
  const inputs = [x, bias, residual, scale, shift, seedOf(drop)];
  return runOps("AddLayerNorm", inputs, attributes, 3) as AddLayerNormResult;
}

/** Gradients of {@link addLayerNorm}. */
export interface AddLayerNormGradients {
  dResidual: Tensor;
  dx: Tensor;
  dScale: Tensor;
  dShift: Tensor;
  dBias: Tensor;
}

/** Gradients of {@link addLayerNorm}, from what it gave. */
export function addLayerNormGradient(params: {
  dy: Tensor;
  normal: Tensor;
  inverse: Tensor;
  scale: Tensor;
  drop: DropSite;
  precision: Precision;
}): AddLayerNormGradients {
  const { dy, normal, inverse, scale, drop, precision } = params;
  const [dResidual, dx, dScale, dShift, dBias] = runOps(
    "AddLayerNormGrad",
    [dy, normal, inverse, scale, seedOf(drop)],
    [typed(precision), ...dropping(drop)],
    5,
  ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  return { dResidual, dx, dScale, dShift, dBias };
}

/** How {@link textAttention} reads its tokens. */
export interface TextAttentionOptions {
  /** First token of each text, and the number of all: int32 `[texts + 1]`. */
  starts: Tensor;
  heads: number;
  /** Queries that each text has of its own; where nothing is said, its tokens are the queries. */
  queriesPerText?: number;
  /** By which scores are multiplied: 1 / the square root of a head's width. */
  scale: number;
  drop: DropSite;
  precision: Precision;
}

const attentionAttributes = (options: TextAttentionOptions): OpAttribute[] => [
  typed(options.precision),
  attribute.int("heads", options.heads),
  attribute.int("queries_per_text", options.queriesPerText ?? 0),
  attribute.float("scale", options.scale),
  ...dropping(options.drop),
];

/**
 * Attention within each text, of queries, keys and values `[tokens, dim]` without padding; queries may also be the texts' own,
 * `[texts * queriesPerText, dim]`.
 *
 * Gives the context, as many rows as there are queries, and each query's largest score and 1 / the sum of its exponentials, which its gradient needs.
 */
export function textAttention(
  [queries, keys, values]: [Tensor, Tensor, Tensor],
  options: TextAttentionOptions,
): [context: Tensor, largest: Tensor, inverse: Tensor] {
  const inputs = [queries, keys, values, options.starts, seedOf(options.drop)];
  return runOps("TextAttention", inputs, attentionAttributes(options), 3) as [Tensor, Tensor, Tensor];
}

/** Gradients of {@link textAttention}: of queries, keys and values. */
export function textAttentionGradient(
  dy: Tensor,
  [queries, keys, values]: [Tensor, Tensor, Tensor],
  [largest, inverse]: [Tensor, Tensor],
  options: TextAttentionOptions,
): [Tensor, Tensor, Tensor] {
  const inputs = [dy, queries, keys, values, largest, inverse, options.starts, seedOf(options.drop)];
  return runOps("TextAttentionGrad", inputs, attentionAttributes(options), 3) as [Tensor, Tensor, Tensor];
}

/** Dropout of a float32 tensor `[rows, dim]`; its gradient is itself. */
export function seededDropout(x: Tensor, drop: DropSite): Tensor {
  return first(runOps("SeededDropout", [x, seedOf(drop)], [typed("float32"), ...dropping(drop)], 1));
}

/**
 * Adam on rows `[rows, dim]`: their values and two moments, and the new ones.
 *
 * @param params.gradient rows of the gradient, `wordOf` (int32 `[rows]`) which of them each row has; none where negative
 * @param params.numbers learning rate with the bias corrections, beta1, beta2, epsilon, factor of the gradient: scalars
 */
export function adamRows(params: {
  rows: Tensor[];
  gradient: Tensor;
  wordOf: Tensor;
  numbers: Tensor[];
}): [values: Tensor, means: Tensor, squares: Tensor] {
  const { rows, gradient, wordOf, numbers } = params;
  const inputs = [...rows, gradient, wordOf, ...numbers];
  return runOps("AdamRows", inputs, [typed("float32")], 3) as [Tensor, Tensor, Tensor];
}

/** Sums of columns, `[rows, dim]` to `[dim]` in float32. */
export function columnSums(x: Tensor, precision: Precision): Tensor {
  return first(runOps("ColumnSums", [x], [typed(precision)], 1));
}

/** A tensor as it is, but not before another is there: what is computed from it then cannot be merged with what was before. */
export function passAfter(x: Tensor, earlier: Tensor): Tensor {
  return first(runOps("PassAfter", [x, earlier], [typed("float32")], 1));
}

function first([tensor]: Tensor[]): Tensor {
  if (!tensor) throw new Error("the operation gave nothing");
  return tensor;
}
