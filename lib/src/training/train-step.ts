import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { RecordedFunction } from "../recording/recorded-function";
import { Dropout, dropoutSeed } from "../model/dropout";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { LayoutOptions, TokenLayout } from "../model/token-layout";
import type { Batch } from "../tokenization/collator";
import type { AdamInputs, AdamW } from "./adamw";
import { crossEntropy, type LossOptions } from "./loss";

/** What all steps of a run share. */
export interface TrainStepParams {
  model: SequenceClassificationModel;
  optimizer: AdamW;
  /** How the loss is taken; plain cross-entropy where nothing is said. */
  loss?: LossOptions | undefined;
  /** Whether layers multiply in bfloat16 and keep what is in between so; parameters and sums stay float32. */
  bf16?: boolean | undefined;
  /** Whether the backward pass computes layers again rather than keep what is in between: less memory, a third more time. */
  gradientCheckpointing?: boolean | undefined;
  /** The run's seed, for dropout; without one nothing is dropped. */
  seed?: number | undefined;
  /** Whether TensorFlow runs the whole step as one call; `false` runs its operations one by one, for debugging. */
  compile?: boolean;
  /**
   * Whether XLA compiles that call to a program for the device; false where nothing is said. It does so anew for every number of
   * texts and every length of the longest in steps of 16: batches are laid out so that no other size varies ({@link LayoutOptions}).
   */
  jitCompile?: boolean;
}

/** What one step depends on besides the model and the optimizer: the same inputs give the same step. */
export interface TrainStepInputs {
  batch: Batch;
  learningRate: number;
  /** Number of this step, from 1. */
  step: number;
}

/** What one step reports. */
export interface TrainStepResult {
  /** Mean cross-entropy of the batch before the step. */
  loss: number;
  /** Norm of all gradients before clipping. */
  gradNorm: number;
}

/** A batch with its labels, int32 `[batch]`, as tensors. */
export type LabelledBatch = TokenLayout & { labels: Tensor };

type StepTensors = LabelledBatch & AdamInputs & { dropoutSeed?: Tensor };

/** The training step: forward, backward, AdamW; it changes the model's variables in place. */
export class TrainStep {
  readonly #step: RecordedFunction<StepTensors>;

  constructor(private readonly params: TrainStepParams) {
    const { model, optimizer, compile = true, jitCompile = false } = params;
    this.#step = new RecordedFunction({
      label: "training step",
      resources: [...[...model.variables.values()].map(({ handle }) => handle), ...optimizer.resources],
      compile,
      jitCompile,
      body: (tensors) => {
        const { loss, gradients } = lossAndGradients(model, tensors, {
          ...params,
          rowWise: optimizer.wordTable !== undefined,
        });
        // the parameters' values that the backward pass read are free by now, so the fused kernel changes them without a copy
        return [loss, optimizer.apply(gradients, tensors)];
      },
    });
  }

  /** Number of graphs that TensorFlow runs by now: 0 while steps still run operation by operation. */
  get compiledCount(): number {
    return this.#step.compiledCount;
  }

  /** Steps that ran operation by operation to be recorded. */
  get recordedCount(): number {
    return this.#step.recordedCount;
  }

  /** Takes one step. */
  run({ batch, learningRate, step }: TrainStepInputs): TrainStepResult {
    const { model, optimizer, seed, jitCompile } = this.params;
    return tf.tidy(() => {
      const tensors = labelledBatch(batch, model, { fewSizes: jitCompile });
      const results = this.#step.call({
        ...tensors,
        ...optimizer.rows(tensors.words.dataSync<"int32">()),
        ...optimizer.scalars({ learningRate, step }),
        ...(seed === undefined ? {} : { dropoutSeed: dropoutSeed(seed, step) }),
      });
      const [loss = NaN, gradNorm = NaN] = results.map((scalar) => scalar.dataSync()[0]);
      return { loss, gradNorm };
    });
  }

  /** Frees what TensorFlow compiled; model and optimizer stay. */
  dispose(): void {
    this.#step.dispose();
  }
}

/** The tensors of a batch; the caller frees them. */
export function labelledBatch(
  batch: Batch,
  model: SequenceClassificationModel,
  options?: LayoutOptions,
): LabelledBatch {
  return { ...model.layout(batch, options), labels: tf.tensor1d(batch.labels, "int32") };
}

/** How {@link lossAndGradients} computes them. */
export interface LossAndGradientsOptions extends Pick<
  TrainStepParams,
  "loss" | "bf16" | "gradientCheckpointing"
> {
  /** Whether the word embeddings' gradient is that of the rows of the batch's words, `[words, dim]`. */
  rowWise?: boolean;
}

/**
 * The mean loss of a batch (a scalar) and its gradient for every parameter, in the model's order; the caller frees them.
 *
 * @param batch with a dropout seed, int32 `[2]`, in training; with a share (a scalar), by which loss and gradients are
 *   multiplied, where it is a part of a larger batch
 */
export function lossAndGradients(
  model: SequenceClassificationModel,
  batch: LabelledBatch & { dropoutSeed?: Tensor; share?: Tensor },
  { bf16 = false, gradientCheckpointing, rowWise = false, loss: lossOptions }: LossAndGradientsOptions = {},
): { loss: Tensor; gradients: Tensor[] } {
  const names = [...model.variables.keys()];
  return tf.tidy(() => {
    const inputs = rowWise ? model.rowWise(batch) : { parameters: model.readParameters(), layout: batch };
    const dropout = batch.dropoutSeed && new Dropout(batch.dropoutSeed);
    const lossOf = tf.valueAndGrads((...values: Tensor[]) => {
      const parameters = Object.fromEntries(names.map((name, index) => [name, values[index] as Tensor]));
      const precision = bf16 ? "bfloat16" : "float32";
      const logits = model.forward({ ...inputs, parameters, dropout, precision, gradientCheckpointing });
      const loss = crossEntropy(logits, batch.labels, lossOptions);
      return (batch.share ? tf.mul(loss, batch.share) : loss) as tf.Scalar;
    });
    const { value, grads } = lossOf(Object.values(inputs.parameters));
    return { loss: value, gradients: grads };
  });
}
