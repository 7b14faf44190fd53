import { DT, attribute, runEffect, runOp } from "../runtime/raw-op";
import { ModelError } from "../runtime/errors";
import { ResourceVariable } from "../runtime/resource-variable";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { adamRows } from "../model/fused-operations";
import { sumOfRows } from "../model/rows";
import type { HostTensor } from "../model/safetensors";
import { TouchedRows, type RowsOfStep } from "./touched-rows";
import type { TrainingArguments } from "./training-arguments";

/** AdamW's constants, as PyTorch names them. */
export interface AdamWOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Largest norm of all gradients together; 0 switches clipping off. */
  maxGradNorm: number;
}

/** AdamW's constants among the arguments of a run. */
export function adamWOptions(args: Omit<TrainingArguments, "outputDir">): AdamWOptions {
  const { adamBeta1, adamBeta2, adamEpsilon, weightDecay, maxGradNorm } = args;
  return { beta1: adamBeta1, beta2: adamBeta2, epsilon: adamEpsilon, weightDecay, maxGradNorm };
}

/** The numbers of one step, scalars each: tensors, since a recorded step takes what varies as arguments. */
export interface AdamScalars {
  learningRate: Tensor;
  /** beta1 to the power of the step. */
  beta1Power: Tensor;
  beta2Power: Tensor;
  epsilon: Tensor;
  /** Share of itself by which a parameter that decays shrinks. */
  decayShare: Tensor;
}

/** What {@link AdamW.apply} takes of a step: its numbers, and its words (int32 `[words]`) where gradients have a row for each. */
export type AdamInputs = AdamScalars & Partial<RowsOfStep> & { words?: Tensor };

/** The name of the touched rows among the moments. */
const TOUCHED_ROWS = "touched_rows";

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
  readonly #touchedRows: TouchedRows | undefined;

  /**
   * Makes the two moments of every variable; they begin at 0.
   *
   * @param wordTable name of the variable whose gradients come as the rows of a step's words
   */
  constructor(
    variables: Iterable<ResourceVariable>,
    private readonly options: AdamWOptions,
    readonly wordTable?: string,
  ) {
    this.#slots = [...variables].map((variable) => ({
      variable,
      mean: ResourceVariable.zeros(`${variable.name}/mean`, variable.shape),
      square: ResourceVariable.zeros(`${variable.name}/square`, variable.shape),
      decays: decays(variable.name),
    }));
    const table = this.#slots.find(({ variable }) => variable.name === wordTable);
    this.#touchedRows = table && new TouchedRows(table.variable.shape[0] ?? 0);
  }

  /** Handles of the moments. */
  get resources(): Tensor[] {
    return this.#slots.flatMap(({ mean, square }) => [mean.handle, square.handle]);
  }

  /** The numbers of a step; the caller frees them. */
  scalars({ learningRate, step }: { learningRate: number; step: number }): AdamScalars {
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    const beta2Power = beta2 ** step;
    return {
      learningRate: tf.scalar(learningRate),
      beta1Power: tf.scalar(beta1 ** step),
      beta2Power: tf.scalar(beta2Power),
      // TensorFlow adds epsilon before it corrects the second moment's bias, PyTorch after: this factor makes them equal
      epsilon: tf.scalar(epsilon * Math.sqrt(1 - beta2Power)),
      decayShare: tf.scalar(learningRate * weightDecay),
    };
  }

  /** The rows of the word embeddings that a step with these words (ascending) changes; the caller frees the tensors. */
  rows(words: Int32Array): RowsOfStep | Record<string, never> {
    return this.#touchedRows?.ofStep(words) ?? {};
  }

  /**
   * Changes every variable by one step, in place, and returns the norm of all gradients before clipping (a scalar).
   *
   * @param gradients in the variables' order
   */
  apply(gradients: Tensor[], scalars: AdamInputs): Tensor {
    const { beta1, beta2, weightDecay } = this.options;
    return tf.tidy(() => {
      const norm = globalNorm(gradients);
      const scale = this.#clipScale(norm);
      const { beta1Power, beta2Power, learningRate, epsilon, decayShare } = scalars;
      const numbers = [beta1Power, beta2Power, learningRate, tf.scalar(beta1), tf.scalar(beta2), epsilon];
      for (const [index, slot] of this.#slots.entries()) {
        const gradient = gradients[index];
        if (!gradient) throw new Error(`no gradient for ${slot.variable.name}`);
        if (weightDecay > 0 && slot.decays) decay(slot.variable, decayShare);
        const { touched, wordOf, words } = slot.variable.name === this.wordTable ? scalars : {};
        if (touched && wordOf) {
          this.#applyToRows(slot, gradient, { ...scalars, touched, wordOf, scale });
          continue;
        }
        const whole = words ? inFull(slot, gradient, words) : gradient;
        applyAdam(slot, scale ? tf.mul(whole, scale) : whole, numbers);
      }
      return norm;
    });
  }

  /** The moments by PyTorch's names, such as `exp_avg.classifier.weight`, and `touched_rows`. */
  state(): Map<string, HostTensor> {
    const state = new Map(
      this.#moments().map(([name, variable]): [string, HostTensor] => {
        const values = variable.read();
        const data = values.dataSync<"float32">();
        values.dispose();
        return [name, { shape: variable.shape, data }];
      }),
    );
    if (this.#touchedRows) state.set(TOUCHED_ROWS, this.#touchedRows.state());
    return state;
  }

  /**
   * Takes the moments that {@link AdamW.state} gave.
   *
   * @throws ModelError if one is missing or of another shape; then none is replaced
   */
  loadState(state: Map<string, HostTensor>): void {
    const loaded = this.#moments().map(([name, variable]) => {
      const values = state.get(name);
      if (values?.shape.join() !== variable.shape.join())
        throw new ModelError(
          `The optimizer's state has ${name} of shape [${values?.shape.join(", ") ?? "missing"}]; expected [${variable.shape.join(", ")}].`,
        );
      return { variable, values };
    });
    for (const { variable, values } of loaded)
      tf.tidy(() => {
        variable.assign(tf.tensor(values.data, values.shape));
      });
    const touched = state.get(TOUCHED_ROWS);
    if (touched) this.#touchedRows?.loadState(touched);
  }

  /** Frees the moments. */
  dispose(): void {
    for (const { mean, square } of this.#slots) {
      mean.dispose();
      square.dispose();
    }
    this.#slots.length = 0;
  }

  /** The same on the rows that ever had a gradient. */
  #applyToRows(
    { variable, mean, square }: Slot,
    gradient: Tensor,
    inputs: AdamScalars & RowsOfStep & { scale: Tensor | undefined },
  ): void {
    const { beta1, beta2 } = this.options;
    const { touched, wordOf, beta1Power, beta2Power, learningRate, epsilon, scale } = inputs;
    // the bias corrections of both moments, as TensorFlow's kernel applies them
    const rate = tf.div(tf.mul(learningRate, tf.sqrt(tf.sub(1, beta2Power))), tf.sub(1, beta1Power));
    const [values, means, squares] = adamRows({
      rows: [variable, mean, square].map((table) => table.readRows(touched)),
      ...{
        gradient,
        wordOf,
        numbers: [rate, tf.scalar(beta1), tf.scalar(beta2), epsilon, scale ?? tf.scalar(1)],
      },
    });
    variable.assignRows(touched, values);
    mean.assignRows(touched, means);
    square.assignRows(touched, squares);
  }

  #moments(): [string, ResourceVariable][] {
    return this.#slots.flatMap(({ variable, mean, square }): [string, ResourceVariable][] => [
      [`exp_avg.${variable.name}`, mean],
      [`exp_avg_sq.${variable.name}`, square],
    ]);
  }

  /** torch.nn.utils.clip_grad_norm_: never above 1, and 1e-6 keeps the division defined. */
  #clipScale(norm: Tensor): Tensor | undefined {
    const { maxGradNorm } = this.options;
    return maxGradNorm > 0 ? tf.minimum(1, tf.div(maxGradNorm, tf.add(norm, 1e-6))) : undefined;
  }
}

/** Square root of the sum of all squares. */
function globalNorm(gradients: Tensor[]): Tensor {
  // L2Loss is half the sum of squares, in one pass and without a copy
  const halves = gradients.map((gradient) => runOp("L2Loss", [gradient], [attribute.type("T", DT.FLOAT)]));
  return tf.sqrt(tf.mul(2, tf.addN(halves)));
}

/** The gradient of a whole table from that of its rows by number. */
function inFull({ variable }: Slot, rows: Tensor, ids: Tensor): Tensor {
  return sumOfRows(rows, ids, tf.scalar(variable.shape[0] ?? 0, "int32"));
}

function applyAdam({ variable, mean, square }: Slot, gradient: Tensor, numbers: Tensor[]): void {
  runEffect(
    "ResourceApplyAdam",
    [variable.handle, mean.handle, square.handle, ...numbers, gradient],
    [
      attribute.type("T", DT.FLOAT),
      attribute.bool("use_locking", false),
      attribute.bool("use_nesterov", false),
    ],
  );
}

/** Shrinks a variable towards 0 by a share of itself. */
function decay(variable: ResourceVariable, share: Tensor): void {
  // freed at once: a variable whose values are held elsewhere is copied when it changes
  const shrinkage = tf.tidy(() => tf.mul(variable.read(), share));
  runEffect("AssignSubVariableOp", [variable.handle, shrinkage], [attribute.type("dtype", DT.FLOAT)]);
  shrinkage.dispose();
}

/** transformers decays all but biases and layer norms (trainer.py, `get_decay_parameter_names`). */
function decays(name: string): boolean {
  return !/(^|\.)bias$|layer_?norm/i.test(name);
}
