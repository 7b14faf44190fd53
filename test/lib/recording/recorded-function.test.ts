import assert from "node:assert/strict";
import { after, afterEach, describe, it } from "node:test";
import { RecordedFunction } from "../../../lib/src/recording/recorded-function";
import { RecordingError } from "../../../lib/src/recording/recording-error";
import { DT, attribute, runEffect, runOp } from "../../../lib/src/runtime/raw-op";
import { ResourceVariable } from "../../../lib/src/runtime/resource-variable";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { nodeBackend, tf } from "../../../lib/src/runtime/tensorflow";
import { tensorCounts } from "../training/tiny-run";

interface X {
  x: Tensor;
}

const made: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.dispose();
});
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

function recorded(body: (args: X) => Tensor[], resources: ResourceVariable[] = []): RecordedFunction<X> {
  const handles = resources.map(({ handle }) => handle);
  const made_ = new RecordedFunction({ label: "test function", body, resources: handles });
  made.push(made_);
  return made_;
}

function variable(values: number[]): ResourceVariable {
  const initial = tf.tensor1d(values);
  const one = new ResourceVariable("v", initial);
  initial.dispose();
  made.push(one);
  return one;
}

/** The values of the results for a vector of values, or a matrix. */
function call(fn: RecordedFunction<X>, x: number[] | number[][]): unknown[] {
  return tf.tidy(() => fn.call({ x: tf.tensor(x) }).map((result) => result.arraySync()));
}

const add = (to: ResourceVariable, x: Tensor): void => {
  runEffect("AssignAddVariableOp", [to.handle, x], [attribute.type("dtype", DT.FLOAT)]);
};

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

describe("what a recording cannot hold", () => {
  /** Also: TensorFlow works as before, and nothing stays recorded. */
  const refuses = (fn: RecordedFunction<X>, message: RegExp, calls = 1): void => {
    assert.throws(
      () => {
        for (let one = 0; one < calls; one += 1) call(fn, [1, 2]);
      },
      (error) => error instanceof RecordingError && message.test(error.message),
    );
    assert.ok(Object.hasOwn(nodeBackend().binding, "addFunction"), "the real binding is back");
    assert.equal(fn.compiledCount, 0);
  };

  it("is a value that is read back", () => {
    refuses(
      recorded(({ x }) => [tf.mul(x, x.dataSync()[0] ?? 0)]),
      /reads a value back: return it as a result/,
    );
  });

  it("is a value that changes from call to call", () => {
    let calls = 0;
    const fn = recorded(({ x }) => {
      calls += 1;
      return [tf.mul(x, calls)];
    });
    refuses(
      fn,
      /test function did not do the same twice.*a constant with other values.*must be an argument/,
      2,
    );
  });

  it("is another operation from call to call", () => {
    let calls = 0;
    const fn = recorded(({ x }) => {
      calls += 1;
      return [calls % 2 ? tf.exp(x) : tf.sin(x)];
    });
    refuses(fn, /its node \d+ is now the operation Sin/, 2);
  });

  it("is a tensor from outside that is not an argument", () => {
    const outside = tf.tidy(() => tf.neg(tf.tensor1d([1, 2])));
    refuses(
      recorded(({ x }) => [tf.mul(x, outside)]),
      /a tensor that was made before it ran: pass it as an argument/,
    );
    outside.dispose();
  });

  it("is a tensor of strings", () => {
    refuses(
      recorded(() => [
        runOp("Identity", [tf.tensor1d(["a", "b"], "string")], [attribute.type("T", DT.STRING)]),
      ]),
      /a tensor of strings/,
    );
  });
});
