import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memoryUse } from "../../../lib/src/runtime/memory";
import { ResourceVariable } from "../../../lib/src/runtime/resource-variable";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { AdamW, type AdamWOptions } from "../../../lib/src/training/adamw";

const OPTIONS: AdamWOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 0 };

/** Takes one step a gradient on variables that begin at these values; returns the values and the last norm. */
function optimize(params: {
  values: Record<string, number[]>;
  gradients: number[][][];
  options?: Partial<AdamWOptions>;
  learningRate?: number;
}): { values: number[][]; norm: number } {
  const { values, gradients, options, learningRate = 0.1 } = params;
  let found: number[][] = [];
  let norm = NaN;
  tf.tidy(() => {
    const variables = Object.entries(values).map(
      ([name, each]) => new ResourceVariable(name, tf.tensor1d(each)),
    );
    const optimizer = new AdamW(variables, { ...OPTIONS, ...options });
    for (const [index, each] of gradients.entries()) {
      const tensors = each.map((gradient) => tf.tensor1d(gradient));
      norm =
        optimizer.apply(tensors, optimizer.scalars({ learningRate, step: index + 1 })).dataSync()[0] ?? NaN;
    }
    found = variables.map((variable) => [...variable.read().dataSync()]);
    optimizer.dispose();
    for (const variable of variables) variable.dispose();
  });
  return { values: found, norm };
}

function assertNear(found: number | undefined, expected: number, tolerance = 1e-6): void {
  assert.ok(Math.abs((found ?? NaN) - expected) <= tolerance, `${found} against ${expected}`);
}

describe("AdamW", () => {
  it("takes the steps that torch.optim.AdamW's formula gives in double precision", () => {
    const [beta1, beta2, epsilon, learningRate, decay] = [0.8, 0.95, 0.1, 0.05, 0.2];
    const gradients = [1.5, -0.5, 0.25, 2];
    let [value, mean, square] = [2, 0, 0];
    for (const [index, gradient] of gradients.entries()) {
      const step = index + 1;
      value *= 1 - learningRate * decay;
      mean = beta1 * mean + (1 - beta1) * gradient;
      square = beta2 * square + (1 - beta2) * gradient * gradient;
      const corrected = Math.sqrt(square / (1 - beta2 ** step)) + epsilon;
      value -= (learningRate * (mean / (1 - beta1 ** step))) / corrected;
    }
    const { values } = optimize({
      ...{ values: { weight: [2] }, gradients: gradients.map((gradient) => [[gradient]]), learningRate },
      options: { beta1, beta2, epsilon, weightDecay: decay },
    });
    assertNear(values[0]?.[0], value, 2e-6);
  });

  it("decays all but biases and layer norms", () => {
    const names = [
      "distilbert.transformer.layer.0.attention.q_lin.weight",
      "distilbert.embeddings.word_embeddings.weight",
      "classifier.weight",
      "classifier.bias",
      "distilbert.embeddings.LayerNorm.weight",
      "distilbert.transformer.layer.0.sa_layer_norm.weight",
      "distilbert.transformer.layer.0.output_layer_norm.bias",
    ];
    // without a gradient, decay alone moves a variable
    const { values } = optimize({
      values: Object.fromEntries(names.map((name) => [name, [2]])),
      gradients: [names.map(() => [0])],
      options: { weightDecay: 0.5 },
    });
    for (const [index, [found]] of values.entries()) assertNear(found, index < 3 ? 2 * (1 - 0.1 * 0.5) : 2);
  });

  it("clips the norm of all gradients together, never up, and reports it unclipped", () => {
    // with an epsilon of 1 the first step is lr * g / (|g| + 1): it shows how large the gradient was
    const step = (gradients: number[], maxGradNorm: number) => {
      const { values, norm } = optimize({
        values: { "a.weight": [0], "b.weight": [0] },
        gradients: [gradients.map((gradient) => [gradient])],
        options: { epsilon: 1, maxGradNorm },
        learningRate: 1,
      });
      return { moved: values.map(([value = NaN]) => -value), norm };
    };
    const size = (moved: number | undefined) => (moved ?? NaN) / (1 - (moved ?? NaN));
    const clipped = step([3, 4], 1);
    assertNear(clipped.norm, 5);
    assertNear(size(clipped.moved[0]), 3 / 5, 1e-4);
    assertNear(size(clipped.moved[1]), 4 / 5, 1e-4);
    const small = step([0.3, 0.4], 1);
    assertNear(small.norm, 0.5);
    assertNear(size(small.moved[1]), 0.4, 1e-4);
    const off = step([3, 4], 0);
    assertNear(off.norm, 5);
    assertNear(size(off.moved[1]), 4, 1e-4);
  });

  it("gives its moments by PyTorch's names and takes them back whole, or not at all", () => {
    tf.tidy(() => {
      const variables = ["a.weight", "a.bias"].map((name) => new ResourceVariable(name, tf.tensor1d([1, 2])));
      const make = (): AdamW => new AdamW(variables, OPTIONS);
      const [one, other] = [make(), make()];
      const gradients = [tf.tensor1d([1, -2]), tf.tensor1d([0.5, 4])];
      one.apply(gradients, one.scalars({ learningRate: 0.1, step: 1 }));
      const state = one.state();
      assert.deepEqual(
        [...state.keys()],
        ["exp_avg.a.weight", "exp_avg_sq.a.weight", "exp_avg.a.bias", "exp_avg_sq.a.bias"],
      );
      for (const [index, expected] of [0.1, -0.2].entries())
        assertNear(state.get("exp_avg.a.weight")?.data[index], expected);
      other.loadState(state);
      assert.deepEqual(other.state(), state);
      const fresh = make();
      const empty = fresh.state();
      for (const wrong of [[], [["exp_avg_sq.a.bias", { shape: [1], data: Float32Array.of(1) }]]] as const) {
        const broken = new Map([...empty].slice(0, 3));
        for (const [name, tensor] of wrong) broken.set(name, { ...tensor, shape: [...tensor.shape] });
        assert.throws(() => {
          other.loadState(broken);
        }, /has exp_avg_sq\.a\.bias of shape \[(missing|1)\]; expected \[2\]/);
        assert.deepEqual(other.state(), state, "nothing was replaced");
      }
      for (const each of [one, other, fresh, ...variables]) each.dispose();
    });
  });

  it("leaves no tensor when disposed of", () => {
    const counts = () => {
      const { tensors, nativeTensors } = memoryUse();
      return { tensors, nativeTensors };
    };
    const before = counts();
    optimize({
      values: { weight: [1, 2] },
      gradients: [[[1, 1]], [[1, 1]]],
      options: { maxGradNorm: 1, weightDecay: 0.1 },
    });
    assert.deepEqual(counts(), before);
  });
});
