import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RecordedFunction } from "../../../lib/src/recording/recorded-function";
import { DT, attribute, runOp } from "../../../lib/src/runtime/raw-op";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { add, call, made, recorded, variable, type X } from "./vector-function";

describe("a recorded function", () => {
  it("gives what the body gives, also for sizes that it never saw", () => {
    let runs = 0;
    const fn = recorded(({ x }) => {
      runs += 1;
      return [tf.mul(x, 2), tf.sum(tf.square(x))];
    });
    assert.deepEqual(call(fn, [1, 2]), [[2, 4], 5]);
    assert.equal(fn.compiledCount, 0);
    assert.deepEqual(call(fn, [1, 2, 3]), [[2, 4, 6], 14]);
    assert.equal(fn.compiledCount, 1);
    assert.deepEqual(call(fn, [3, 4, 5, 6, 7]), [[6, 8, 10, 12, 14], 135]);
    assert.equal(runs, 2, "the third call runs the graph");
  });

  it("gives gradients, whose reshapes to the shape at hand are left out", () => {
    let runs = 0;
    const fn = recorded(({ x }) => {
      runs += 1;
      return [tf.grad((at: Tensor) => tf.mul(tf.add(at, at), at))(x, tf.div(x, x))];
    });
    for (const x of [
      [1, 2],
      [1, 2, 3],
      [5, 6, 7, 8],
    ])
      assert.deepEqual(call(fn, x), [x.map((value) => 4 * value)]);
    assert.equal(runs, 2);
  });

  it("records each size by itself where the size is in the graph", () => {
    const fn = recorded(({ x }) => [tf.div(x, x.size)]);
    for (let round = 0; round < 3; round += 1)
      for (const count of [2, 4, 8]) {
        const x = Array.from({ length: count }, () => count);
        assert.deepEqual(call(fn, x), [x.map(() => 1)]);
      }
    assert.equal(fn.compiledCount, 3);
  });

  it("is not deceived by other sizes of the same number", () => {
    const fn = recorded(({ x }) => [tf.div(x, x.size)]);
    for (let round = 0; round < 3; round += 1)
      for (const [rows, columns] of [
        [2, 6],
        [3, 4],
        [2, 3],
      ] as const) {
        const x = Array.from({ length: rows }, () => Array.from({ length: columns }, () => rows * columns));
        assert.deepEqual(call(fn, x), [x.map((row) => row.map(() => 1))]);
      }
  });

  it("keeps a reshape to a shape that is an argument, though it changed nothing when it was recorded", () => {
    const types = [attribute.type("T", DT.FLOAT), attribute.type("Tshape", DT.INT32)];
    const fn = new RecordedFunction<X & { shape: Tensor }>({
      ...{ label: "reshape", resources: [] },
      body: ({ x, shape }) => [runOp("Reshape", [x, shape], types)],
    });
    made.push(fn);
    const shapeFor = (shape: number[]): number[] =>
      tf.tidy(() => fn.call({ x: tf.zeros([2, 3]), shape: tf.tensor1d(shape, "int32") })[0]?.shape ?? []);
    assert.deepEqual(
      [shapeFor([2, 3]), shapeFor([2, 3]), shapeFor([3, 2])],
      [
        [2, 3],
        [2, 3],
        [3, 2],
      ],
    );
    assert.equal(fn.compiledCount, 1);
  });

  it("takes whole numbers and truth values, each by a graph of its own", () => {
    const fn = recorded(({ x }) => [tf.equal(x, x)]);
    for (let round = 0; round < 3; round += 1)
      for (const dtype of ["float32", "int32", "bool"] as const)
        assert.deepEqual(
          tf.tidy(() => fn.call({ x: tf.ones([2], dtype) })[0]?.arraySync()),
          [1, 1],
        );
    assert.equal(fn.compiledCount, 3);
  });

  it("may be called inside another, compiled or not", () => {
    const inner = recorded(({ x }) => [tf.square(x)]);
    const outer = recorded(({ x }) => [tf.neg(inner.call({ x })[0] as Tensor)]);
    assert.deepEqual(call(outer, [2]), [[-4]]);
    for (let round = 0; round < 3; round += 1) assert.deepEqual(call(inner, [2]), [[4]]);
    for (let round = 0; round < 3; round += 1) assert.deepEqual(call(outer, [2]), [[-4]]);
    assert.deepEqual([inner.compiledCount, outer.compiledCount], [1, 1]);
  });

  it("compiles a size that comes again after ever so many others", () => {
    const fn = recorded(({ x }) => [tf.div(x, x.size)]);
    for (let count = 2; count < 80; count += 1) call(fn, new Array<number>(count).fill(1));
    assert.equal(fn.compiledCount, 0);
    for (let round = 0; round < 3; round += 1) assert.deepEqual(call(fn, [2, 2]), [[1, 1]]);
    assert.equal(fn.compiledCount, 1);
  });

  it("does not take a size of 1, which code treats apart, for any other", () => {
    const fn = recorded(({ x }) => [x.size === 1 ? tf.neg(x) : tf.square(x)]);
    assert.deepEqual([call(fn, [2, 3]), call(fn, [2, 3, 4])], [[[4, 9]], [[4, 9, 16]]]);
    assert.equal(fn.compiledCount, 1);
    for (let round = 0; round < 3; round += 1) assert.deepEqual(call(fn, [5]), [[-5]]);
    assert.deepEqual(call(fn, [2, 3]), [[4, 9]]);
  });

  it("reads and changes variables in the order of the body, results or not", () => {
    const v = variable([1, 1]);
    const fn = recorded(
      ({ x }) => {
        const before = v.read();
        add(v, x);
        const between = tf.mul(v.read(), 10);
        add(v, x);
        return [before, between];
      },
      [v],
    );
    for (let step = 0; step < 20; step += 1) {
      const begin = 1 + 2 * step;
      assert.deepEqual(call(fn, [1, 1]), [
        [begin, begin],
        [10 * (begin + 1), 10 * (begin + 1)],
      ]);
    }
    assert.equal(fn.compiledCount, 1);
    const last = v.read();
    assert.deepEqual([...last.dataSync()], [41, 41]);
    last.dispose();
  });

  it("changes a variable that no result depends on", () => {
    const v = variable([0]);
    const fn = recorded(
      ({ x }) => {
        add(v, x);
        return [tf.neg(x)];
      },
      [v],
    );
    for (let step = 0; step < 4; step += 1) assert.deepEqual(call(fn, [1]), [[-1]]);
    const last = v.read();
    assert.deepEqual([...last.dataSync()], [4]);
    last.dispose();
  });

  it("gives the same bits at its first call as at a later one", () => {
    const v = variable([1, 2, 3]);
    const body = ({ x }: X): Tensor[] => {
      const values = tf.tanh(tf.mul(v.read(), x));
      add(v, values);
      return [tf.sum(values), v.read()];
    };
    const fresh = (): unknown[] => {
      tf.tidy(() => {
        v.assign(tf.tensor1d([1, 2, 3]));
      });
      return call(recorded(body, [v]), [0.1, 0.2, 0.3]);
    };
    const first = fresh();
    const old = recorded(body, [v]);
    for (let round = 0; round < 3; round += 1) call(old, [0.1, 0.2, 0.3]);
    tf.tidy(() => {
      v.assign(tf.tensor1d([1, 2, 3]));
    });
    assert.deepEqual(call(old, [0.1, 0.2, 0.3]), first);
    assert.equal(old.compiledCount, 1);
    assert.equal(old.recordedCount, 2);
  });

  it("changes nothing at a call that it refuses", () => {
    const v = variable([1]);
    let calls = 0;
    const fn = recorded(
      ({ x }) => {
        calls += 1;
        add(v, x);
        return [tf.mul(x, calls)];
      },
      [v],
    );
    call(fn, [1]);
    assert.throws(() => call(fn, [1]), /did not do the same twice/);
    const last = v.read();
    assert.deepEqual([...last.dataSync()], [2]);
    last.dispose();
  });

  it("makes room for other sizes where all graphs are trusted", () => {
    const fn = recorded(({ x }) => [tf.div(x, x.size)]);
    for (let count = 2; count < 70; count += 1)
      for (let round = 0; round < 2; round += 1) call(fn, new Array<number>(count).fill(count));
    assert.equal(fn.compiledCount, 64);
    assert.deepEqual(call(fn, [2, 4]), [[1, 2]]);
  });

  it("runs the body itself where compile is off", () => {
    let runs = 0;
    const fn = new RecordedFunction<X>({
      ...{ label: "eager", resources: [], compile: false },
      body: ({ x }) => {
        runs += 1;
        return [tf.neg(x)];
      },
    });
    for (let step = 0; step < 3; step += 1) assert.deepEqual(call(fn, [1, 2]), [[-1, -2]]);
    assert.equal(runs, 3);
    assert.equal(fn.compiledCount, 0);
  });

  it("frees its graphs, and records anew when it is called again", () => {
    const fn = recorded(({ x }) => [tf.neg(x)]);
    for (let step = 0; step < 3; step += 1) call(fn, [1, 2]);
    assert.equal(fn.compiledCount, 1);
    fn.dispose();
    assert.equal(fn.compiledCount, 0);
    for (let step = 0; step < 3; step += 1) assert.deepEqual(call(fn, [1, 2]), [[-1, -2]]);
    assert.equal(fn.compiledCount, 1);
  });
});
