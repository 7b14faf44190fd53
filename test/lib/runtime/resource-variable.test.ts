import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { memoryUse } from "../../../lib/src/runtime/memory";
import { DT, attribute, runOp } from "../../../lib/src/runtime/raw-op";
import { ResourceVariable } from "../../../lib/src/runtime/resource-variable";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";

/** The counts that must not change where nothing leaks. */
function counts(): { tensors: number; nativeTensors: number } {
  const { tensors, nativeTensors } = memoryUse();
  return { tensors, nativeTensors };
}

function variableOf(values: number[]): ResourceVariable {
  const initial = tf.tensor1d(values);
  const variable = new ResourceVariable("v", initial);
  initial.dispose();
  return variable;
}

const valuesOf = (tensor: Tensor) => [...tensor.dataSync()];

describe("a resource variable", () => {
  it("takes the values of a tensor that stays the caller's", () => {
    const initial = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const variable = new ResourceVariable("v", initial);
    const read = variable.read();
    assert.deepEqual([variable.shape, read.shape], [[2, 3], initial.shape]);
    assert.deepEqual(valuesOf(read), valuesOf(initial));
    variable.dispose();
    tf.dispose([initial, read]);
  });

  it("shares no memory with the numbers that its values were made of", () => {
    // TensorFlow shares an array that begins at a multiple of 64 bytes: one of these does
    const buffer = new ArrayBuffer(256);
    for (let offset = 0; offset < 64; offset += 4) {
      const numbers = new Float32Array(buffer, offset, 40).fill(1);
      tf.tidy(() => {
        const made = new ResourceVariable("v", tf.tensor1d(numbers));
        const assigned = ResourceVariable.zeros("w", [40]);
        assigned.assign(tf.tensor1d(numbers));
        numbers.fill(2);
        for (const one of [made, assigned]) {
          assert.ok(
            one
              .read()
              .dataSync()
              .every((value) => value === 1),
            `at ${offset}`,
          );
          one.dispose();
        }
      });
    }
  });

  it("is read as it was, whatever is assigned later", () => {
    const variable = variableOf([1, 2, 3]);
    const before = variable.read();
    tf.tidy(() => {
      variable.assign(tf.tensor1d([7, 8, 9]));
    });
    const after = variable.read();
    assert.deepEqual(valuesOf(before), [1, 2, 3]);
    assert.deepEqual(valuesOf(after), [7, 8, 9]);
    variable.dispose();
    tf.dispose([before, after]);
  });

  it("outlives the tidy that it was made in, and shares nothing with another of its name", () => {
    const made: ResourceVariable[] = [];
    tf.tidy(() => {
      made.push(variableOf([1]), variableOf([2]));
    });
    const read = made.map((variable) => variable.read());
    assert.deepEqual(read.map(valuesOf), [[1], [2]]);
    tf.dispose(read);
    for (const variable of made) variable.dispose();
  });

  it("refuses values of another shape and keeps its own", () => {
    const variable = variableOf([1, 2]);
    tf.tidy(() => {
      assert.throws(() => {
        variable.assign(tf.tensor1d([1, 2, 3]));
      }, /shape/i);
      assert.deepEqual(valuesOf(variable.read()), [1, 2]);
    });
    variable.dispose();
  });

  it("frees its tensors and its values when disposed of", () => {
    const before = counts();
    const variable = variableOf([1, 2, 3]);
    assert.deepEqual(counts(), { tensors: before.tensors + 1, nativeTensors: before.nativeTensors + 1 });
    // a second handle sees whether TensorFlow itself still has the values
    const handle = tf.clone(variable.handle);
    variable.dispose();
    assert.throws(() => {
      runOp("ReadVariableOp", [handle], [attribute.type("dtype", DT.FLOAT)]);
    }, /does not exist|not found|uninitialized/i);
    handle.dispose();
    assert.deepEqual(counts(), before);
  });

  it("refuses values of another type, which TensorFlow would take and never give back", () => {
    const whole = tf.tensor1d([1, 2], "int32");
    const before = counts();
    assert.throws(
      () => new ResourceVariable("v", whole),
      new ArgumentError("The values for v are of type int32; expected float32."),
    );
    const variable = variableOf([1, 2]);
    assert.throws(() => {
      variable.assign(whole);
    }, ArgumentError);
    tf.tidy(() => {
      assert.deepEqual(valuesOf(variable.read()), [1, 2]);
    });
    variable.dispose();
    assert.deepEqual(counts(), before);
    whole.dispose();
  });
});
