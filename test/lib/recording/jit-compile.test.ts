import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RecordingError } from "../../../lib/src/recording/recording-error";
import { seededDropout } from "../../../lib/src/model/fused-operations";
import { DT, attribute, runEffect } from "../../../lib/src/runtime/raw-op";
import type { ResourceVariable } from "../../../lib/src/runtime/resource-variable";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { nodeBackend, tf } from "../../../lib/src/runtime/tensorflow";
import { add, call, recorded, variable, type X } from "./vector-function";

/** XLA sums in another order and has approximations of its own for tanh and the like: some units of float32's last place. */
const NEAR = 1e-6;

function assertNear(found: unknown[], expected: unknown[]): void {
  const [values, others] = [found.flat(), expected.flat()] as [number[], number[]];
  assert.equal(values.length, others.length);
  for (const [index, value] of values.entries()) {
    const other = others[index] ?? NaN;
    assert.ok(
      Math.abs(value - other) <= NEAR * Math.max(1, Math.abs(other)),
      `${value}, without XLA ${other}`,
    );
  }
}

/** The values of a variable. */
function valuesOf(one: ResourceVariable): number[] {
  const values = one.read();
  const numbers = [...values.dataSync<"float32">()];
  values.dispose();
  return numbers;
}

/** What some calls give, and the variables after them, with XLA and without. */
function both(
  body: (args: X, variables: ResourceVariable[]) => Tensor[],
  inputs: number[][],
  count = 0,
): void {
  const [graph, xla] = [false, true].map((jitCompile) => {
    const variables = Array.from({ length: count }, () => variable([1, 2, 3]));
    const fn = recorded((args) => body(args, variables), variables, jitCompile);
    const results = inputs.flatMap((x) => call(fn, x));
    return { values: [...results, ...variables.map(valuesOf)], compiled: fn.compiledCount };
  });
  assertNear(xla?.values ?? [], graph?.values ?? []);
  assert.ok(
    xla?.compiled === graph?.compiled && graph?.compiled === 1,
    "the last calls run one graph for all sizes",
  );
}

describe("a recorded function that XLA compiles", () => {
  it("gives what it gives without XLA, for every size", () => {
    both(
      ({ x }) => [tf.tanh(x), tf.sum(tf.exp(tf.mul(x, x)))],
      [
        [0.1, 0.2],
        [0.3, 0.4, 0.5],
        [0.6, 0.7],
        [0.8, 0.9, 1, 1.1],
      ],
    );
  });

  it("reads and changes variables in the order of the body", () => {
    const x = [0.5, 0.25, 1];
    both(
      ({ x }, [v, w]) => {
        assert.ok(v && w);
        add(v, x);
        const between = tf.mul(v.read(), x);
        add(v, x);
        w.assign(tf.add(w.read(), between));
        return [between];
      },
      [x, x, x],
      2,
    );
  });

  it("takes Adam's steps on variables", () => {
    const gradient = [0.5, -0.25, 1];
    both(
      ({ x }, variables) => {
        const numbers = [0.9, 0.999, 0.01, 0.9, 0.999, 1e-8].map((number) => tf.scalar(number));
        const inputs = [...variables.map(({ handle }) => handle), ...numbers, x];
        const switches = ["use_locking", "use_nesterov"].map((name) => attribute.bool(name, false));
        runEffect("ResourceApplyAdam", inputs, [attribute.type("T", DT.FLOAT), ...switches]);
        return [tf.neg(x)];
      },
      [gradient, gradient, gradient],
      3,
    );
  });

  it("says which function has an operation that XLA has not, and what to do; nothing is changed", () => {
    const v = variable([1, 1]);
    const fn = recorded(
      ({ x }) => {
        add(v, x);
        const rows = tf.reshape(x, [1, 2]);
        return [seededDropout(rows, { rate: 0.5, site: 1 })];
      },
      [v],
      true,
    );
    // the first call records, the second finds the graph that it confirms, the third runs it
    for (let round = 0; round < 3; round += 1)
      assert.throws(
        () => call(fn, [1, 2]),
        (error: unknown) =>
          error instanceof RecordingError &&
          /^The test function could not be run by XLA .*SeededDropout.*jitCompile: false/.test(
            error.message,
          ) &&
          error.cause instanceof Error,
      );
    assert.deepEqual(valuesOf(v), [1, 1]);
  });

  it("is gone from TensorFlow once it is freed, and recorded anew when it is called again", (test) => {
    const fn = recorded(({ x }) => [tf.square(x)], [], true);
    const executed = test.mock.method(nodeBackend(), "executeMultipleOutputs");
    for (let round = 0; round < 3; round += 1) assert.deepEqual(call(fn, [1, 2]), [[1, 4]]);
    const [name = ""] = executed.mock.calls.at(-1)?.arguments ?? [];
    const byName = (): unknown =>
      tf.tidy(() => nodeBackend().executeMultipleOutputs(name, [], [tf.ones([2])], 1).length);
    assert.equal(byName(), 1);
    fn.dispose();
    assert.throws(byName, new RegExp(name));
    for (let round = 0; round < 3; round += 1) assert.deepEqual(call(fn, [1, 2]), [[1, 4]]);
    assert.deepEqual([fn.compiledCount, fn.recordedCount], [1, 4]);
  });
});
