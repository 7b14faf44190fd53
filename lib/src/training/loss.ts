import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";

/** How the loss is taken of logits and labels. */
export interface LossOptions {
  /** Share of a label's probability that is spread over all labels alike; 0 where nothing is said. */
  labelSmoothingFactor?: number;
  /** How much an example of each label counts, by label; all the same where nothing is said. */
  classWeights?: readonly number[] | undefined;
}

/**
 * Mean cross-entropy of logits `[batch, labels]` and labels, int32 `[batch]`: a scalar.
 *
 * With smoothing it is transformers' LabelSmoother (trainer_pt_utils.py), with weights PyTorch's
 * `CrossEntropyLoss(weight, label_smoothing)`: a label's part of an example's loss counts by the label's weight, and the mean
 * divides by the weights of the examples' own labels.
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: LossOptions = {}): Tensor {
  const { labelSmoothingFactor = 0, classWeights } = options;
  const count = logits.shape[1] ?? 0;
  const own = tf.oneHot(labels, count); // [batch, labels]
  const wanted =
    labelSmoothingFactor > 0
      ? tf.add(tf.mul(own, 1 - labelSmoothingFactor), labelSmoothingFactor / count)
      : own;
  const logProbabilities = tf.logSoftmax(logits);
  if (!classWeights) return tf.neg(tf.div(tf.sum(tf.mul(wanted, logProbabilities)), labels.size));
  const weights = tf.tensor1d([...classWeights]);
  const weighted = tf.sum(tf.mul(tf.mul(wanted, weights), logProbabilities));
  return tf.neg(tf.div(weighted, tf.sum(tf.mul(own, weights))));
}

/** What a mean over these examples divides by: their number, or the sum of their classes' weights. */
export function exampleWeights(labels: Int32Array, { classWeights }: LossOptions = {}): number {
  if (!classWeights) return labels.length;
  return labels.reduce((sum, label) => sum + (classWeights[label] ?? NaN), 0);
}
