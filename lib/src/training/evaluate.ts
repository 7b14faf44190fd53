import { accuracy, type Classified } from "../evaluation/metrics";
import { argmax, predictLogits, type PredictParams } from "../evaluation/predict";
import { tf } from "../runtime/tensorflow";
import { checkFeatures } from "./check-features";
import { crossEntropy, type LossOptions } from "./loss";

/** Computes metrics from labels and predictions; the names become `eval_<name>` in the log. */
export type ComputeMetrics = (classified: Classified) => Record<string, number>;

/** Metrics of one set, by name: `loss` and what `computeMetrics` says. */
export type Metrics = Record<string, number>;

/** Accuracy alone, which is what many a training script computes. */
export const accuracyOnly: ComputeMetrics = (classified) => ({ accuracy: accuracy(classified) });

/** How predictions are judged. */
export interface ScoreOptions {
  computeMetrics: ComputeMetrics;
  /** As in training; plain cross-entropy where nothing is said. */
  loss?: LossOptions | undefined;
}

/**
 * Loss and metrics of a model on a labelled set.
 *
 * @throws DataError if the set is empty, or a label is missing or not the model's
 */
export async function evaluateModel(params: PredictParams & ScoreOptions): Promise<Metrics> {
  const { features, model } = params;
  checkFeatures("evaluation", features, model);
  const labels = features.flatMap(({ label }) => label ?? []);
  return scoreLogits({ ...params, labels, logits: await predictLogits(params) });
}

/** Loss and metrics of logits, one array an example, by the examples' labels. */
export function scoreLogits(params: ScoreOptions & { logits: number[][]; labels: number[] }): Metrics {
  const { logits, labels, computeMetrics, loss: options } = params;
  const loss = tf.tidy(() =>
    crossEntropy(tf.tensor2d(logits), tf.tensor1d(labels, "int32"), options).dataSync(),
  );
  return { loss: loss[0] ?? NaN, ...computeMetrics({ labels, predictions: logits.map(argmax) }) };
}
