import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { distilBertLogits, type Parameters } from "../model/distilbert";
import { Dropout, dropoutSeed } from "../model/dropout";
import type { DistilBertForSequenceClassification } from "../model/sequence-classification";
import type { Batch } from "../tokenization/collator";
import type { AdamW } from "./adamw";

/** Everything that one step depends on: the same inputs give the same step. */
export interface TrainStepInputs {
  model: DistilBertForSequenceClassification;
  optimizer: AdamW;
  batch: Batch;
  learningRate: number;
  /** Number of this step, from 1. */
  step: number;
  /** The run's seed, for dropout; without one nothing is dropped. */
  seed?: number;
}

/** What one step reports. */
export interface TrainStepResult {
  /** Mean cross-entropy of the batch before the step. */
  loss: number;
  /** Norm of all gradients before clipping. */
  gradNorm: number;
}

/** One step: forward, backward, AdamW. Changes the model's variables in place. */
export function trainStep(inputs: TrainStepInputs): TrainStepResult {
  const { model, optimizer, batch, learningRate, step } = inputs;
  const { loss, gradients } = lossAndGradients({ model, batch, step, ...seedOf(inputs) });
  // the parameters' values that the backward pass read are free by now, so the fused kernel changes them without a copy
  const norm = optimizer.apply(gradients, { learningRate, step });
  tf.dispose(gradients);
  const [lossValue = NaN, gradNorm = NaN] = [loss, norm].map((scalar) => scalar.dataSync()[0]);
  tf.dispose([loss, norm]);
  return { loss: lossValue, gradNorm };
}

/** The mean loss of a batch (a scalar) and its gradient for every parameter, in the model's order; the caller frees them. */
export function lossAndGradients(inputs: Pick<TrainStepInputs, "model" | "batch" | "step" | "seed">): {
  loss: Tensor;
  gradients: Tensor[];
} {
  const { model, batch, step, seed } = inputs;
  const names = [...model.variables.keys()];
  return tf.tidy(() => {
    const values = model.readParameters();
    const dropout = seed === undefined ? undefined : new Dropout(dropoutSeed(seed, step));
    const lossOf = tf.valueAndGrads((...parameters: Tensor[]) => {
      const named: Parameters = Object.fromEntries(
        names.map((name, index) => [name, parameters[index] as Tensor]),
      );
      const logits = distilBertLogits({ config: model.config, parameters: named, batch, dropout });
      return crossEntropy(logits, batch.labels) as tf.Scalar;
    });
    const { value, grads } = lossOf(Object.values(values));
    return { loss: value, gradients: grads };
  });
}

/** Mean negative logarithm of the probability that the logits `[batch, labels]` give to the labels `[batch]`. */
export function crossEntropy(logits: Tensor, labels: Int32Array): Tensor {
  const wanted = tf.oneHot(tf.tensor1d(labels, "int32"), logits.shape[1] ?? 0);
  return tf.neg(tf.div(tf.sum(tf.mul(wanted, tf.logSoftmax(logits))), labels.length));
}

function seedOf({ seed }: TrainStepInputs): { seed?: number } {
  return seed === undefined ? {} : { seed };
}
