import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { KernelClient } from "./kernel-client";

describe("a cell that is broken off in the middle of a computation", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    const setup = `import * as tf from "@tensorflow/tfjs-node-gpu";
      import "@finetune-debug/lib";
      const forever = new Function("for (;;) {}"); // like a loop in a library, which looks at no flag
      const weight = tf.variable(tf.tensor1d([3]));
      const state = { tensors: 0, scopes: 0 };
      const engine = tf.engine() as any;`;
    // from an earlier cell, and not to be closed with the others
    assert.equal((await kernel.run(setup)).reply["status"], "ok");
    assert.equal(
      (await kernel.run(`engine.startScope("the reader's own"); undefined`)).reply["status"],
      "ok",
    );
    await kernel.run(
      "state.tensors = tf.memory().numTensors; state.scopes = engine.state.scopeStack.length;",
    );
  });
  after(() => kernel.close());

  for (const [what, code] of [
    ["in tidy", `tf.tidy(() => { const square = weight.square(); forever(); return square; })`],
    [
      "in a gradient",
      `tf.variableGrads(() => { const loss = weight.square().sum(); forever(); return loss.asScalar(); })`,
    ],
    ["in an operation", `(tf.customGrad as any)((x: any, save: any) => { save([x]); forever(); })(weight)`],
  ] as const) {
    it(`${what} leaves no open scope and no tensor, and what the reader has works on`, async () => {
      const cell = await kernel.run(code, {}, 0.3);
      assert.equal(cell.one("error")["ename"], "Interrupted");
      const left = await kernel.run(
        "[tf.memory().numTensors - state.tensors, engine.state.scopeStack.length - state.scopes, engine.state.kernelDepth, engine.state.gradientDepth]",
      );
      assert.equal(left.value, "[ 0, 0, 0, 0 ]");
      const gradient = await kernel.run(
        "const { grads, value } = tf.variableGrads(() => weight.square().sum().asScalar());\nconst slope = Array.from(grads[weight.name].dataSync());\ntf.dispose([grads, value]);\nslope",
      );
      assert.equal(gradient.value, "[ 6 ]");
    });
  }
});
