import { DT, attribute, runEffect, runOp } from "../runtime/raw-op";
import { ResourceVariable } from "../runtime/resource-variable";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";

/** AdamW's constants, as PyTorch names them. */
export interface AdamWOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Largest norm of all gradients together; 0 switches clipping off. */
  maxGradNorm: number;
}

interface Slot {
  variable: ResourceVariable;
  mean: ResourceVariable;
  square: ResourceVariable;
  decays: boolean;
}

/**
 * AdamW (Loshchilov & Hutter 2019) with PyTorch's arithmetic, on TensorFlow's fused kernel: one pass over each parameter.
 */
export class AdamW {
  readonly #slots: Slot[];

  /** Makes the two moments of every variable; they begin at 0. */
  constructor(
    variables: Iterable<ResourceVariable>,
    private readonly options: AdamWOptions,
  ) {
    this.#slots = [...variables].map((variable) => ({
      variable,
      mean: zerosLike(variable, "mean"),
      square: zerosLike(variable, "square"),
      decays: decays(variable.name),
    }));
  }

  /**
   * Changes every variable by one step, in place, and returns the norm of all gradients before clipping (a scalar).
   *
   * @param gradients in the variables' order
   * @param step number of this step, from 1
   */
  apply(gradients: Tensor[], params: { learningRate: number; step: number }): Tensor {
    return tf.tidy(() => {
      const norm = globalNorm(gradients);
      const scale = this.#clipScale(norm);
      const scalars = this.#scalars(params);
      for (const [index, slot] of this.#slots.entries()) {
        const gradient = gradients[index];
        if (!gradient) throw new Error(`no gradient for ${slot.variable.name}`);
        if (this.options.weightDecay > 0 && slot.decays)
          decay(slot.variable, params.learningRate * this.options.weightDecay);
        applyAdam(slot, scale ? tf.mul(gradient, scale) : gradient, scalars);
      }
      return norm;
    });
  }

  /** Frees the moments. */
  dispose(): void {
    for (const { mean, square } of this.#slots) {
      mean.dispose();
      square.dispose();
    }
    this.#slots.length = 0;
  }

  /** torch.nn.utils.clip_grad_norm_: never above 1, and 1e-6 keeps the division defined. */
  #clipScale(norm: Tensor): Tensor | undefined {
    const { maxGradNorm } = this.options;
    return maxGradNorm > 0 ? tf.minimum(1, tf.div(maxGradNorm, tf.add(norm, 1e-6))) : undefined;
  }

  #scalars({ learningRate, step }: { learningRate: number; step: number }): Tensor[] {
    const { beta1, beta2, epsilon } = this.options;
    const beta2Power = beta2 ** step;
    // TensorFlow adds epsilon before it corrects the second moment's bias, PyTorch after: this factor makes them equal
    const epsilonHere = epsilon * Math.sqrt(1 - beta2Power);
    return [beta1 ** step, beta2Power, learningRate, beta1, beta2, epsilonHere].map((value) =>
      tf.scalar(value),
    );
  }
}

/** Square root of the sum of all squares. */
function globalNorm(gradients: Tensor[]): Tensor {
  // L2Loss is half the sum of squares, in one pass and without a copy
  const halves = gradients.map((gradient) => runOp("L2Loss", [gradient], [attribute.type("T", DT.FLOAT)]));
  return tf.sqrt(tf.mul(2, tf.addN(halves)));
}

function applyAdam({ variable, mean, square }: Slot, gradient: Tensor, scalars: Tensor[]): void {
  runEffect(
    "ResourceApplyAdam",
    [variable.handle, mean.handle, square.handle, ...scalars, gradient],
    [
      attribute.type("T", DT.FLOAT),
      attribute.bool("use_locking", false),
      attribute.bool("use_nesterov", false),
    ],
  );
}

/** Shrinks a variable towards 0 by a share of itself. */
function decay(variable: ResourceVariable, share: number): void {
  const shrunk = tf.mul(variable.read(), share);
  runEffect("AssignSubVariableOp", [variable.handle, shrunk], [attribute.type("dtype", DT.FLOAT)]);
}

/** transformers decays all but biases and layer norms (trainer.py, `get_decay_parameter_names`). */
function decays(name: string): boolean {
  return !/(^|\.)bias$|layer_?norm/i.test(name);
}

function zerosLike(variable: ResourceVariable, moment: string): ResourceVariable {
  const zeros = tf.zeros(variable.shape);
  const made = new ResourceVariable(`${variable.name}/${moment}`, zeros);
  zeros.dispose();
  return made;
}
