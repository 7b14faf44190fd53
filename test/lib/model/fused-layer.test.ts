import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DISTILBERT_LAYER } from "../../../lib/src/model/distilbert";
import { Dropout, dropoutSeed } from "../../../lib/src/model/dropout";
import { lookUp } from "../../../lib/src/model/embedding";
import { textAttention, withoutFusedOperations } from "../../../lib/src/model/fused-operations";
import { tokenLayout } from "../../../lib/src/model/token-layout";
import { transformerLayer, type LayerInputs } from "../../../lib/src/model/transformer-layer";
import { normalValues, seededRandom } from "../../../lib/src/runtime/random";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { assertGradients } from "./numeric-gradient";

/** Sizes that fill no vector of 16. */
const [HEADS, DIM, HIDDEN] = [5, 30, 70];
const SHAPES = [
  ...[0, 1, 2, 3].flatMap(() => [[DIM, DIM], [DIM]]),
  ...[[DIM], [DIM]],
  ...[[HIDDEN, DIM], [HIDDEN], [DIM, HIDDEN], [DIM]],
  ...[[DIM], [DIM]],
];
const PARTS = [
  "query",
  "key",
  "value",
  "attentionOutput",
  "attentionNorm",
  "intermediate",
  "output",
  "outputNorm",
];
const NAMES = PARTS.flatMap((part) =>
  ["weight", "bias"].map(
    (kind) => `layer.${DISTILBERT_LAYER[part as keyof typeof DISTILBERT_LAYER]}.${kind}`,
  ),
);

type Options = Partial<
  Pick<LayerInputs, "precision" | "gradientCheckpointing" | "rates" | "firstTokensOnly">
> & {
  seed?: number;
  /** Whether the whole layer is computed and then the first tokens taken. */
  thenFirst?: boolean;
};

/** The layer as a function of its hidden states and parameters, over texts of these lengths. */
function layerOf(
  lengths: number[],
  options: Options = {},
): { layer: (...inputs: Tensor[]) => Tensor; tokens: number; wanted: number } {
  const features = lengths.map((length) => ({ inputIds: new Array<number>(length).fill(3), label: 0 }));
  const sizes = { nHeads: HEADS, dim: DIM, vocabSize: 9, maxPositionEmbeddings: 512 };
  const layout = tokenLayout(collate(features, 0), sizes);
  const {
    seed,
    rates = { attention: 0, attentionOutput: 0, output: 0 },
    thenFirst = false,
    ...rest
  } = options;
  const stepSeed = seed === undefined ? undefined : dropoutSeed(seed, 1);
  const layer = (hidden: Tensor, ...parameters: Tensor[]): Tensor => {
    const states = transformerLayer({
      ...rest,
      ...{ hidden, rates, layout, heads: HEADS, prefix: "layer", names: DISTILBERT_LAYER },
      parameters: Object.fromEntries(NAMES.map((name, at) => [name, parameters[at] as Tensor])),
      dropout: stepSeed && new Dropout(stepSeed),
    });
    return thenFirst ? lookUp(states, layout.firstTokens) : states;
  };
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return { layer, tokens, wanted: thenFirst || options.firstTokensOnly ? lengths.length : tokens };
}

/** The layer's value, and the gradients of all that goes in. */
function valueAndGradients(lengths: number[], options: Options = {}): Tensor[] {
  const { layer, tokens, wanted } = layerOf(lengths, options);
  const random = seededRandom(3);
  const made = (shape: number[]) =>
    tf.tensor(normalValues({ count: shape.reduce((a, b) => a * b, 1), std: 0.3, random }), shape);
  const inputs = [[tokens, DIM], ...SHAPES].map(made);
  const dy = made([wanted, DIM]);
  return [layer(...inputs), ...tf.grads(layer)(inputs, dy)];
}

/** Norm of the difference, as a share of the expected norm. */
function distance(found: Tensor, expected: Tensor): number {
  const norm = (tensor: Tensor): number => tf.norm(tensor).dataSync()[0] ?? NaN;
  return norm(tf.sub(found, expected)) / norm(expected);
}

/** A key's bias changes all scores of a query alike, and nothing of its weights: its gradient is rounding alone. */
const isRounding = (at: number): boolean => NAMES[at - 2]?.endsWith("k_lin.bias") ?? false;

function assertClose(found: Tensor[], expected: Tensor[]): void {
  for (const [at, tensor] of found.entries()) {
    if (isRounding(at)) continue;
    const apart = distance(tensor, expected[at] as Tensor);
    assert.ok(apart < 2e-6, `${NAMES[at - 2] ?? at}: ${apart} apart`);
  }
}

/** Of hidden states and both norms' parameters: what flows through everything. */
function assertLayerGradients(firstTokensOnly: boolean): void {
  const rates = { attention: 0.3, attentionOutput: 0.2, output: 0.4 };
  const { layer, tokens } = layerOf([3, 2], { seed: 7, rates, firstTokensOnly });
  const random = seededRandom(3);
  const fixed = SHAPES.map((shape) =>
    tf.tensor(normalValues({ count: shape.reduce((a, b) => a * b, 1), std: 0.2, random }), shape),
  );
  const varied = [8, 9, 14, 15];
  const op = (hidden: Tensor, ...some: Tensor[]): Tensor =>
    layer(hidden, ...fixed.map((value, at) => some[varied.indexOf(at)] ?? value));
  assertGradients(op, [{ shape: [tokens, DIM] }, ...varied.map((at) => ({ shape: SHAPES[at] as number[] }))]);
}

const LENGTHS = [7, 1, 64, 150, 16, 2];

describe("a transformer layer in fused operations", () => {
  it("gives the numbers of the same layer in TensorFlow's own, and their gradients", () => {
    tf.tidy(() => {
      const expected = withoutFusedOperations(() => valueAndGradients(LENGTHS));
      assertClose(valueAndGradients(LENGTHS), expected);
    });
  });

  it("gives them in bfloat16 to its 8 bits", () => {
    tf.tidy(() => {
      const expected = valueAndGradients(LENGTHS);
      for (const [at, found] of valueAndGradients(LENGTHS, { precision: "bfloat16" }).entries()) {
        if (isRounding(at)) continue;
        const apart = distance(found, expected[at] as Tensor);
        assert.ok(apart < 3e-2 && (at > 0 || apart > 1e-4), `${NAMES[at - 2] ?? at}: ${apart} apart`);
      }
    });
  });

  it("multiplies in bfloat16 without them too, to the same 8 bits", () => {
    tf.tidy(() => {
      const expected = valueAndGradients(LENGTHS);
      const found = withoutFusedOperations(() => valueAndGradients(LENGTHS, { precision: "bfloat16" }));
      for (const [at, tensor] of found.entries()) {
        if (isRounding(at)) continue;
        const apart = distance(tensor, expected[at] as Tensor);
        assert.ok(apart < 3e-2 && (at > 0 || apart > 1e-4), `${NAMES[at - 2] ?? at}: ${apart} apart`);
      }
    });
  });

  it("computed again by the backward pass, gives the same to the last bit", () => {
    tf.tidy(() => {
      const options = { seed: 4, rates: { attention: 0.1, attentionOutput: 0.1, output: 0.2 } };
      const expected = valueAndGradients(LENGTHS, options);
      const found = valueAndGradients(LENGTHS, { ...options, gradientCheckpointing: true });
      for (const [at, tensor] of found.entries())
        assert.deepEqual(tensor.dataSync(), expected[at]?.dataSync());
    });
  });

  it("asked for the first tokens alone, gives what the whole layer gives there, and its gradients", () => {
    // attention drops by the token; what comes after it drops by the row, and there are fewer
    const rates = { attention: 0.3, attentionOutput: 0, output: 0 };
    for (const options of [{}, { seed: 4, rates }, { gradientCheckpointing: true }])
      tf.tidy(() => {
        const expected = valueAndGradients(LENGTHS, { ...options, thenFirst: true });
        assertClose(valueAndGradients(LENGTHS, { ...options, firstTokensOnly: true }), expected);
      });
    tf.tidy(() => {
      const whole = withoutFusedOperations(() => valueAndGradients(LENGTHS, { thenFirst: true }));
      assertClose(
        withoutFusedOperations(() => valueAndGradients(LENGTHS, { firstTokensOnly: true })),
        whole,
      );
    });
  });

  for (const firstTokensOnly of [false, true])
    it(`has the gradients that differences give, with dropout${firstTokensOnly ? ", of the first tokens alone" : ""}`, () => {
      tf.tidy(() => {
        assertLayerGradients(firstTokensOnly);
      });
    });

  it("drops attention weights at the rate asked for, each head and query by itself", () => {
    tf.tidy(() => {
      // one head as wide as the text is long, equal scores, and values that show the weights
      const length = 64;
      const zeros = tf.zeros([length, length]);
      const drop = { seed: dropoutSeed(1, 1), rate: 0.25, site: 3 };
      const options = {
        starts: tf.tensor1d([0, length], "int32"),
        heads: 1,
        scale: 1,
        drop,
        precision: "float32",
      } as const;
      const [weights] = textAttention([zeros, zeros, tf.eye(length)], options);
      const rows = weights.arraySync() as number[][];
      const kept = rows.flat().filter((weight) => weight > 0);
      assert.ok(Math.abs(kept.length / length ** 2 - 0.75) < 0.03, `${kept.length} of ${length ** 2} stayed`);
      for (const weight of kept) assert.ok(Math.abs(weight - 1 / 0.75 / length) < 1e-6);
      const patterns = new Set(rows.map((row) => row.map((weight) => Number(weight > 0)).join("")));
      assert.equal(patterns.size, length);
    });
  });

  it("refuses what does not fit, and says what it expected", () => {
    tf.tidy(() => {
      const x = tf.zeros([4, 6]);
      const attend =
        (starts: number[], heads: number, queries = 4, queriesPerText = 0) =>
        () =>
          textAttention([tf.zeros([queries, 6]), x, x], {
            ...{
              starts: tf.tensor1d(starts, "int32"),
              heads,
              queriesPerText,
              scale: 1,
              precision: "float32",
            },
            drop: { rate: 0, site: 0 },
          });
      assert.throws(
        attend([0, 3], 2),
        /expected the texts' first tokens, ascending from 0 to the number of tokens/,
      );
      assert.throws(attend([0, 3, 2, 4], 2), /ascending/);
      assert.throws(attend([0, 4], 4), /a dimension that the heads divide/);
      assert.throws(attend([0, 4], 2, 3), /as many queries as tokens, or queries_per_text for each text/);
      assert.throws(attend([0, 4], 2, 4, 3), /as many queries as tokens, or queries_per_text for each text/);
      assert.throws(attend([0, 4, 4], 2, 2, 1), /ascending/);
    });
  });
});
