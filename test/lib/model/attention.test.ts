import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attend } from "../../../lib/src/model/attention";
import { Dropout, dropoutSeed } from "../../../lib/src/model/dropout";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { assertGradients } from "./numeric-gradient";

/** Batch 2, 2 heads, 3 tokens, 4 wide. */
const shape = [2, 2, 3, 4];
const three = [{ shape }, { shape }, { shape }];
/** The second text has one token of padding. */
const bias = () => tf.tensor([0, 0, 0, 0, 0, -1e9], [2, 1, 1, 3]);

describe("attention", () => {
  it("is the mean of the values where all keys are alike, padding left out", () => {
    tf.tidy(() => {
      const options = { maskBias: bias(), rate: 0, dropout: undefined };
      const values = tf.reshape(tf.range(0, 48), shape);
      const rows = attend(tf.zeros(shape), tf.zeros(shape), values, options).arraySync() as number[][][][];
      const near = (text: number, head: number) =>
        rows[text]?.[head]?.map((row) => row.map((x) => Number(x.toFixed(4))));
      assert.deepEqual(near(0, 0), new Array(3).fill([4, 5, 6, 7]));
      assert.deepEqual(near(1, 1), new Array(3).fill([38, 39, 40, 41]));
    });
  });

  it("weighs by softmax(q k / sqrt(width))", () => {
    tf.tidy(() => {
      const one = (values: number[]) => tf.tensor(values, [1, 1, 2, 4]);
      const options = { maskBias: tf.zeros([1, 1, 1, 2]), rate: 0, dropout: undefined };
      const queries = one([2, 0, 0, 0, 0, 0, 0, 0]);
      const values = one([1, 0, 0, 0, 0, 1, 0, 0]);
      const found = attend(queries, one([3, 0, 0, 0, 1, 0, 0, 0]), values, options).dataSync();
      // scores 6 / 2 and 2 / 2
      const first = 1 / (1 + Math.exp(-2));
      const expected = [first, 1 - first, 0, 0, 0.5, 0.5, 0, 0];
      for (const [index, value] of expected.entries())
        assert.ok(
          Math.abs((found[index] ?? NaN) - value) < 1e-6,
          `${index}: ${found[index]} against ${value}`,
        );
    });
  });

  it("has the gradients that differences give, with padding", () => {
    const maskBias = bias();
    assertGradients((q, k, v) => attend(q, k, v, { maskBias, rate: 0, dropout: undefined }), three);
    maskBias.dispose();
  });

  it("has the gradients that differences give, with dropout", () => {
    const maskBias = bias();
    const seed = dropoutSeed(1, 1);
    // a new Dropout each time: the same mask at every call
    assertGradients((q, k, v) => attend(q, k, v, { maskBias, rate: 0.4, dropout: new Dropout(seed) }), three);
    tf.dispose([maskBias, seed]);
  });
});
