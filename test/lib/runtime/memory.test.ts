import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeRuntime } from "../../../lib/src/runtime/describe-runtime";
import { memoryUse } from "../../../lib/src/runtime/memory";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { tidy } from "../../../lib/src/runtime/tidy";

describe("memory use", () => {
  it("counts every tensor, here and in the binding", () => {
    const before = memoryUse();
    // what an operation makes lives in the binding at once; values from JavaScript go there when first used
    const made = tf.tidy(() => [tf.add(tf.zeros([2]), 1), tf.add(tf.zeros([3]), 1)]);
    const during = memoryUse();
    assert.deepEqual([during.tensors - before.tensors, during.nativeTensors - before.nativeTensors], [2, 2]);
    tf.dispose(made);
    const after = memoryUse();
    assert.deepEqual([after.tensors, after.nativeTensors], [before.tensors, before.nativeTensors]);
  });

  it("counts bytes, not kilobytes", () => {
    const { residentBytes, peakResidentBytes } = memoryUse();
    // TensorFlow's library alone takes more than 50 MB
    assert.ok(residentBytes > 50e6 && residentBytes < 50e9, `${residentBytes}`);
    assert.ok(peakResidentBytes > 50e6 && peakResidentBytes < 50e9, `${peakResidentBytes}`);
  });
});

describe("tidy", () => {
  it("frees what was made on the way, and keeps what is returned", () => {
    const before = memoryUse().tensors;
    const sum = tidy(() => tf.sum(tf.add(tf.zeros([3]), 1)).dataSync()[0]);
    assert.deepEqual([sum, memoryUse().tensors], [3, before]);
    const kept = tidy(() => ({ tensor: tf.add(tf.zeros([3]), 1) }));
    assert.deepEqual([...kept.tensor.dataSync(), memoryUse().tensors], [1, 1, 1, before + 1]);
    kept.tensor.dispose();
  });

  it("frees it when the function throws", () => {
    const before = memoryUse().tensors;
    const fails = (): unknown =>
      tidy(() => {
        throw new Error(`no ${tf.zeros([3]).size}`);
      });
    assert.throws(fails, /no 3/u);
    assert.equal(memoryUse().tensors, before);
  });

  it("refuses a function that waits", () => {
    assert.throws(() => tidy(() => Promise.resolve(1)), /promise/u);
  });
});

describe("the runtime", () => {
  it("says which TensorFlow runs where", () => {
    const { tensorflow, tfjs, device } = describeRuntime();
    assert.match(tensorflow, /^2\.\d+\.\d+/);
    assert.equal(tfjs, "4.22.0");
    assert.ok(["cpu", "gpu"].includes(device));
  });
});
