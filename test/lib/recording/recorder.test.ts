import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { record } from "../../../lib/src/recording/recorder";
import type { RecordedFunction } from "../../../lib/src/recording/recorded-function";
import { RecordingError } from "../../../lib/src/recording/recording-error";
import { attribute, runOp } from "../../../lib/src/runtime/raw-op";
import { nodeBackend, tf } from "../../../lib/src/runtime/tensorflow";
import { call, recorded, type X } from "./vector-function";

describe("a recording's memory", () => {
  it("is that of the different shapes, however many results there are", () => {
    const bytes = 16e6;
    let grown = NaN;
    const fn = recorded(({ x }) => {
      const before = process.memoryUsage.rss();
      let values = tf.add(tf.zeros([bytes / 4]), tf.sum(x));
      // all 40 live until the recording ends
      for (let at = 0; at < 40; at += 1) values = tf.sin(values);
      grown = process.memoryUsage.rss() - before;
      return [tf.add(x, tf.mean(values))];
    });
    call(fn, [1, 2]);
    assert.ok(grown < 8 * bytes, `it grew by ${grown} bytes`);
  });

  it("does not change what the function gives", () => {
    const fn = recorded(({ x }) => {
      const large = tf.add(tf.zeros([20_000]), tf.sum(x)); // 3
      const other = tf.exp(large);
      return [tf.max(tf.sub(other, large))];
    });
    const [found] = call(fn, [1, 2]);
    assert.ok(Math.abs(Number(found) - (Math.exp(3) - 3)) < 1e-4, String(found));
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
      recorded(() => {
        const type = attribute.type("T", nodeBackend().binding.TF_STRING);
        return [runOp("Identity", [tf.tensor1d(["a", "b"], "string")], [type])];
      }),
      /a tensor of strings/,
    );
  });
});

describe("a recording that the reader interrupts", () => {
  it("does not stay on: TensorFlow works as before", async () => {
    const real = nodeBackend().binding;
    tf.tidy(() => {
      const endless = (): void => {
        record({
          args: [tf.ones([2])],
          resources: [],
          body: () => {
            for (;;);
          },
        });
      };
      // the kernel stops synchronous code in the same way: no finally block runs
      assert.throws(() => {
        runInNewContext("endless()", { endless }, { timeout: 50 });
      }, /timed out/);
      assert.notEqual(nodeBackend().binding, real);
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(nodeBackend().binding, real);
  });
});
