import assert from "node:assert/strict";
import { normalValues, seededRandom } from "../../../lib/src/runtime/random";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";

/** An argument: its shape, and values unless random ones do. */
export interface Argument {
  shape: number[];
  values?: number[];
}

/**
 * Compares the gradients of a function of tensors with differences of its values.
 *
 * The function's value is weighted by fixed random numbers and summed, so that no two errors cancel out.
 */
export function assertGradients(op: (...inputs: Tensor[]) => Tensor, args: Argument[]): void {
  const random = seededRandom(5);
  const values = args.map(({ shape, values: given }) =>
    given ? Float32Array.from(given) : normalValues({ count: sizeOf(shape), std: 0.7, random }),
  );
  tf.tidy(() => {
    const tensors = args.map(({ shape }, index) => tf.tensor(values[index] ?? [], shape));
    const weights = normalValues({ count: op(...tensors).size, std: 1, random });
    const loss = (...inputs: Tensor[]) => {
      const value = op(...inputs);
      return tf.sum(tf.mul(value, tf.tensor(weights, value.shape)));
    };
    const gradients = tf.grads((...inputs: Tensor[]) => loss(...inputs))(tensors);
    // in double precision, since in float32 the difference drowns in rounding
    const lossAt = (changed: Float32Array[]): number => {
      const value = op(
        ...changed.map((each, index) => tf.tensor(each, args[index]?.shape ?? [])),
      ).dataSync<"float32">();
      return value.reduce((sum, each, index) => sum + each * (weights[index] ?? 0), 0);
    };
    for (const [argument, gradient] of gradients.entries()) {
      assert.deepEqual(gradient.shape, args[argument]?.shape);
      const found = gradient.dataSync();
      for (const index of found.keys()) {
        const step = 1e-2;
        const [above, below] = [step, -step].map((by) => {
          const changed = values.map((each) => Float32Array.from(each));
          const target = changed[argument] as Float32Array;
          target[index] = (target[index] ?? 0) + by;
          return tf.tidy(() => lossAt(changed));
        }) as [number, number];
        const expected = (above - below) / (2 * step);
        const difference = Math.abs((found[index] ?? NaN) - expected);
        assert.ok(
          difference <= 2e-3 * Math.max(1, Math.abs(expected)),
          `argument ${argument}, value ${index}: gradient ${found[index]}, difference ${expected}`,
        );
      }
    }
  });
}

function sizeOf(shape: number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
