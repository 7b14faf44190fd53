import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Dropout, dropoutSeed, dropped } from "../../../lib/src/model/dropout";
import { withoutFusedOperations } from "../../../lib/src/model/fused-operations";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";

/** The first masks of a step. */
function masks(params: {
  seed: number;
  step: number;
  rate: number;
  count?: number;
  size?: number;
}): number[][] {
  const { seed, step, rate, count = 1, size = 64 } = params;
  return tf.tidy(() => {
    const dropout = new Dropout(dropoutSeed(seed, step));
    return Array.from({ length: count }, () => [...dropout.mask(tf.zeros([size / 8, 8]), rate).dataSync()]);
  });
}

describe("a dropout mask", () => {
  it("is the same for the same seed, step and place, another for any other", () => {
    const [first, second] = masks({ seed: 1, step: 1, rate: 0.5, count: 2 });
    assert.deepEqual(masks({ seed: 1, step: 1, rate: 0.5, count: 2 }), [first, second]);
    assert.notDeepEqual(second, first);
    assert.notDeepEqual(masks({ seed: 2, step: 1, rate: 0.5 })[0], first);
    assert.notDeepEqual(masks({ seed: 1, step: 2, rate: 0.5 })[0], first);
  });

  it("drops the share asked for, and scales what stays so that the mean stays", () => {
    for (const rate of [0.1, 0.2, 0.5, 0.9]) {
      const size = 80_000;
      const mask = masks({ seed: 3, step: 1, rate, size })[0] ?? [];
      const kept = Math.fround(1 / (1 - rate));
      assert.deepEqual([...new Set(mask)].sort(), [0, kept].sort(), `rate ${rate}`);
      const share = mask.filter((value) => value === 0).length / size;
      // five standard errors
      assert.ok(
        Math.abs(share - rate) < 5 * Math.sqrt((rate * (1 - rate)) / size),
        `rate ${rate}: ${share} dropped`,
      );
    }
  });

  it("drops in no pattern: neighbours fall independently", () => {
    const size = 80_000;
    const mask = masks({ seed: 4, step: 1, rate: 0.5, size })[0] ?? [];
    const both = mask.filter((value, index) => value === 0 && mask[index + 1] === 0).length / size;
    assert.ok(Math.abs(both - 0.25) < 5 * Math.sqrt(0.25 / size), `${both} of the pairs`);
  });
});

describe("dropout", () => {
  it("multiplies by the mask in training, and passes the tensor otherwise", () => {
    tf.tidy(() => {
      const x = tf.range(1, 65, 1, "float32");
      const found = withoutFusedOperations(() => dropped(x, 0.5, new Dropout(dropoutSeed(1, 1)))).dataSync();
      const mask = new Dropout(dropoutSeed(1, 1)).mask(tf.zeros([64]), 0.5).dataSync();
      assert.deepEqual(
        [...found],
        [...mask].map((value, index) => value * (index + 1)),
      );
      assert.equal(dropped(x, 0.5, undefined), x);
      assert.equal(dropped(x, 0, new Dropout(dropoutSeed(1, 1))), x);
    });
  });

  it("in one operation drops by seed and place at the rate asked for, and its gradient the same", () => {
    tf.tidy(() => {
      const [first, again, other] = [1, 1, 2].map((step) => {
        const dropout = new Dropout(dropoutSeed(1, step));
        return ["embedding", "head"].map(() => [...dropped(tf.ones([300, 50]), 0.2, dropout).dataSync()]);
      }) as [number[][], number[][], number[][]];
      assert.deepEqual(first, again);
      assert.notDeepEqual(first[0], first[1]);
      assert.notDeepEqual(first[0], other[0]);
      const kept = (first[0] ?? []).filter((value) => value !== 0);
      assert.ok(
        Math.abs(kept.length / 15_000 - 0.8) < 5 * Math.sqrt((0.2 * 0.8) / 15_000),
        `${kept.length} stayed`,
      );
      assert.deepEqual([...new Set(kept)], [Math.fround(1.25)]);
      const seed = dropoutSeed(1, 1);
      const gradient = tf.grad((x: Tensor) => dropped(x, 0.2, new Dropout(seed)))(tf.zeros([300, 50]));
      assert.deepEqual([...gradient.dataSync()], first[0]);
    });
  });
});
