import assert from "node:assert/strict";
import { after, afterEach } from "node:test";
import { RecordedFunction } from "../../../lib/src/recording/recorded-function";
import { DT, attribute, runEffect } from "../../../lib/src/runtime/raw-op";
import { ResourceVariable } from "../../../lib/src/runtime/resource-variable";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { tensorCounts } from "../training/tiny-run";

/** What the functions of these tests are called with. */
export interface X {
  x: Tensor;
}

/** What is freed after each test. */
export const made: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.dispose();
});
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** A recorded function of `x`, freed after its test. */
export function recorded(
  body: (args: X) => Tensor[],
  resources: ResourceVariable[] = [],
  jitCompile = false,
): RecordedFunction<X> {
  const handles = resources.map(({ handle }) => handle);
  const made_ = new RecordedFunction({ label: "test function", body, resources: handles, jitCompile });
  made.push(made_);
  return made_;
}

/** A variable, freed after its test. */
export function variable(values: number[]): ResourceVariable {
  const initial = tf.tensor1d(values);
  const one = new ResourceVariable("v", initial);
  initial.dispose();
  made.push(one);
  return one;
}

/** The values of the results for a vector of values, or a matrix. */
export function call(fn: RecordedFunction<X>, x: number[] | number[][]): unknown[] {
  return tf.tidy(() => fn.call({ x: tf.tensor(x) }).map((result) => result.arraySync()));
}

/** Adds to a variable in place. */
export const add = (to: ResourceVariable, x: Tensor): void => {
  runEffect("AssignAddVariableOp", [to.handle, x], [attribute.type("dtype", DT.FLOAT)]);
};
