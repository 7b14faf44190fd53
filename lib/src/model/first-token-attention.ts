import { DT, attribute, runOp } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { columnSums, textAttention, textAttentionGradient } from "./fused-operations";
import { dropSite, sumNorm, type Block } from "./layer-block";
import { batchMatMul } from "./layers";
import { arithmetic } from "./precision";
import { lengthOf, rowsAt, sumOfRows } from "./rows";
import type { LayerInputs } from "./transformer-layer";

/**
 * Self-attention of the texts' first tokens to all, `[tokens, dim]` to `[batch, dim]`, added to its input and normalised: what a
 * classifier reads of its last layer.
 *
 * Keys and values are linear in the tokens, once a 1 is appended for the bias: k = K x, v = V x. So the score q (K x) is (q K) x,
 * and the sum of p V x is V times the sum of p x: each head's query asks the tokens themselves, and no key or value is ever
 * computed, which would be two products over all tokens forward and four backward. What is left is small: float32 always.
 */
export function firstTokenAttention({ layout, heads, hidden, rates, dropout }: LayerInputs): Block {
  const { product, biased } = arithmetic("float32");
  const dim = hidden.shape[1] ?? 0;
  const cut = headCutter(heads, dim);
  const attend = {
    ...{ starts: layout.starts, heads: 1, queriesPerText: heads, scale: 1 / Math.sqrt(dim / heads) },
    ...{ drop: dropSite(dropout, rates.attention), precision: "float32" as const },
  };
  const norm = sumNorm(dropSite(dropout, rates.attentionOutput), "float32");
  return {
    forward(inputs) {
      const [hidden, wq, bq, wk, bk, wv, bv, wo, bias, scale, shift] = inputs as Eleven;
      const x = withOnes(hidden); // [tokens, dim + 1]
      const first = rowsAt(hidden, layout.firstTokens);
      const [keyMap, valueMap] = [cut.map(wk, bk), cut.map(wv, bv)]; // [heads, headDim, dim + 1]
      const q = cut.byHead(biased(product(first, wq, false, true), bq), dim / heads); // [heads, batch, headDim]
      const asked = cut.byText(batchMatMul(q, keyMap), dim + 1); // [batch * heads, dim + 1]
      const [sums, largest, inverse] = textAttention([asked, x, x], attend);
      const found = cut.byHead(sums, dim + 1); // [heads, batch, dim + 1]
      const context = cut.byText(batchMatMul(found, valueMap, false, true), dim); // [batch, dim]
      const [value, ...kept] = norm.forward({
        ...{ x: product(context, wo, false, true), bias, residual: first, scale, shift },
      });
      return {
        value,
        kept: [x, first, keyMap, valueMap, q, asked, largest, inverse, found, context, ...kept],
      };
    },
    gradient(dy, inputs, kept) {
      const [hidden, wq, , , , , , wo, , scale] = inputs as Eleven;
      const [x, first, keyMap, valueMap, q, asked, largest, sum, found, context, normal, inverse] =
        kept as Twelve;
      const { dResidual, dx: dOut, ...ofNorm } = norm.gradient({ dy, normal, inverse, scale });
      const dContext = cut.byHead(product(dOut, wo), dim / heads);
      const dFound = cut.byText(batchMatMul(dContext, valueMap), dim + 1);
      const [dAsked, ...dTokens] = textAttentionGradient(dFound, [asked, x, x], [largest, sum], attend);
      const dKeys = cut.byHead(dAsked, dim + 1);
      const dq = cut.byText(batchMatMul(dKeys, keyMap, false, true), dim);
      const dFirst = sumOfRows(tf.add(dResidual, product(dq, wq)), layout.firstTokens, lengthOf(hidden));
      return [
        tf.addN([...dTokens.map((d) => columns(d, 0, dim)), dFirst]),
        ...[product(dq, first, true), columnSums(dq, "float32")],
        ...[...cut.ofMap(batchMatMul(q, dKeys, true)), ...cut.ofMap(batchMatMul(dContext, found, true))],
        ...[product(dOut, context, true), ofNorm.dBias, ofNorm.dScale, ofNorm.dShift],
      ];
    },
  };
}

/** Cuts rows and maps into heads, whatever the number of texts. */
function headCutter(heads: number, dim: number) {
  const float = attribute.type("T", DT.FLOAT);
  const reshape = (x: Tensor, shape: number[]): Tensor =>
    runOp("Reshape", [x, tf.tensor1d(shape, "int32")], [float, attribute.type("Tshape", DT.INT32)]);
  const swap = (x: Tensor): Tensor =>
    runOp("Transpose", [x, tf.tensor1d([1, 0, 2], "int32")], [float, attribute.type("Tperm", DT.INT32)]);
  return {
    /** Rows of a text, one after the other or side by side, `width` each, to `[heads, batch, width]`. */
    byHead: (rows: Tensor, width: number): Tensor => swap(reshape(rows, [-1, heads, width])),
    /** `[heads, batch, ...]` to rows of `width`, a text's heads together. */
    byText: (stacked: Tensor, width: number): Tensor => reshape(swap(stacked), [-1, width]),
    /** A linear layer as one map of what has a 1 appended, `[heads, headDim, dim + 1]`. */
    map: (weight: Tensor, bias: Tensor): Tensor =>
      reshape(tf.concat([weight, reshape(bias, [dim, 1])], 1), [heads, dim / heads, dim + 1]),
    /** Its gradient, to those of weight and bias. */
    ofMap: (dMap: Tensor): [Tensor, Tensor] => {
      const whole = reshape(dMap, [dim, dim + 1]);
      return [columns(whole, 0, dim), reshape(columns(whole, dim, 1), [dim])];
    },
  };
}

/** Rows with a 1 at the end of each. */
function withOnes(rows: Tensor): Tensor {
  const paddings = tf.tensor2d([0, 0, 0, 1], [2, 2], "int32");
  const types = [attribute.type("T", DT.FLOAT), attribute.type("Tpaddings", DT.INT32)];
  return runOp("PadV2", [rows, paddings, tf.scalar(1)], types);
}

/** `count` columns of a matrix, whatever its number of rows. */
function columns(matrix: Tensor, begin: number, count: number): Tensor {
  const [from, size] = [tf.tensor1d([0, begin], "int32"), tf.tensor1d([-1, count], "int32")];
  const types = [attribute.type("T", DT.FLOAT), attribute.type("Index", DT.INT32)];
  return runOp("Slice", [matrix, from, size], types);
}

type Eleven = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
type Twelve = [...Eleven, Tensor];
