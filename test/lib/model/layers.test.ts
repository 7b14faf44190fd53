import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lookUp } from "../../../lib/src/model/embedding";
import { batchMatMul, gelu, layerNorm, linear, linearIn } from "../../../lib/src/model/layers";
import { arithmetic } from "../../../lib/src/model/precision";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { assertGradients } from "./numeric-gradient";

function assertClose(found: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [index, value] of expected.entries())
    assert.ok(Math.abs((found[index] ?? NaN) - value) < 1e-6, `${index}: ${found[index]} against ${value}`);
}

describe("matrix products", () => {
  it("transpose what they are asked to", () => {
    tf.tidy(() => {
      const { product } = arithmetic("float32");
      const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
      const b = tf.tensor2d([1, 0, 2, 0, 1, 3], [2, 3]);
      assert.deepEqual(product(a, b, false, true).arraySync(), [
        [7, 11],
        [16, 23],
      ]);
      assert.deepEqual(product(a, b, true).arraySync(), [
        [1, 4, 14],
        [2, 5, 19],
        [3, 6, 24],
      ]);
      const stacks = batchMatMul(tf.reshape(a, [2, 1, 3]), tf.reshape(b, [2, 1, 3]), false, true);
      assert.deepEqual(stacks.arraySync(), [[[7]], [[23]]]);
    });
  });
});

describe("a linear layer", () => {
  it("is x W^T + b", () => {
    tf.tidy(() => {
      const weight = tf.tensor2d([1, 0, 2, 0, 1, 3], [2, 3]);
      const found = linear(tf.tensor2d([1, 2, 3], [1, 3]), weight, tf.tensor1d([10, 20]));
      assert.deepEqual(found.arraySync(), [[17, 31]]);
    });
  });

  it("in bfloat16 rounds what goes in to 8 bits, and keeps float32's range", () => {
    tf.tidy(() => {
      const one = (x: number, weight: number): number | undefined =>
        linearIn("bfloat16")(tf.tensor2d([[x]]), tf.tensor2d([[weight]]), tf.tensor1d([0])).dataSync()[0];
      assert.equal(one(1 + 2 ** -9, 1), 1);
      assert.equal(one(1 + 2 ** -7, 1), 1 + 2 ** -7);
      assert.equal(one(2 ** 100, 2 ** 20), 2 ** 120);
    });
  });

  it("has the gradients that differences give", () => {
    assertGradients(linear, [{ shape: [4, 3] }, { shape: [2, 3] }, { shape: [2] }]);
  });
});

describe("layer normalisation", () => {
  it("is (x - mean) / std of a row, scaled and shifted", () => {
    tf.tidy(() => {
      const found = layerNorm(
        tf.tensor2d([1, 2, 3, 4, -6, 2], [2, 3]),
        tf.tensor1d([1, 2, 3]),
        tf.tensor1d([0, 1, 0]),
      );
      const std = Math.sqrt(2 / 3);
      const wide = Math.sqrt(56 / 3);
      assertClose(found.dataSync(), [-1 / std, 1, 3 / std, 4 / wide, 1 - 12 / wide, 6 / wide]);
    });
  });

  it("has the gradients that differences give", () => {
    assertGradients(layerNorm, [{ shape: [3, 5] }, { shape: [5] }, { shape: [5] }]);
  });
});

describe("GELU", () => {
  it("is x times the normal distribution function", () => {
    tf.tidy(() => {
      // from scipy.stats.norm.cdf
      const found = gelu(tf.tensor1d([-3, -1, 0, 1, 3])).dataSync();
      assertClose(found, [-0.00404969409, -0.158655254, 0, 0.841344746, 2.99595031]);
    });
  });

  it("has the gradients that differences give", () => {
    assertGradients(gelu, [{ shape: [9], values: [-4, -2, -1, -0.1, 0, 0.1, 1, 2, 4] }]);
  });
});

describe("a table looked up", () => {
  it("gives rows by their numbers", () => {
    tf.tidy(() => {
      const found = lookUp(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), tf.tensor1d([2, 0, 2], "int32"));
      assert.deepEqual(found.arraySync(), [
        [5, 6],
        [1, 2],
        [5, 6],
      ]);
    });
  });

  it("has the gradients that differences give, a row used twice and one never used included", () => {
    const ids = tf.tensor1d([2, 0, 2], "int32");
    assertGradients((table) => lookUp(table, ids), [{ shape: [4, 3] }]);
    ids.dispose();
  });
});
