import { accuracy, type Classified } from "../evaluation/metrics";
import { argmax, predictLogits, softmax, type PredictParams } from "../evaluation/predict";
import { checkFeatures } from "./check-features";

/** Computes metrics from labels and predictions; the names become `eval_<name>` in the log. */
export type ComputeMetrics = (classified: Classified) => Record<string, number>;

/** Metrics of one set, by name: `loss` and what `computeMetrics` says. */
export type Metrics = Record<string, number>;

/** Accuracy alone, which is what many a training script computes. */
export const accuracyOnly: ComputeMetrics = (classified) => ({ accuracy: accuracy(classified) });

/**
 * Loss and metrics of a model on a labelled set.
 *
 * @throws DataError if the set is empty, or a label is missing or not the model's
 */
export async function evaluateModel(
  params: PredictParams & { computeMetrics: ComputeMetrics },
): Promise<Metrics> {
  const { features, model, computeMetrics } = params;
  checkFeatures("evaluation", features, model);
  const labels = features.flatMap(({ label }) => label ?? []);
  const logits = await predictLogits(params);
  const losses = logits.map(
    (row, index) => -Math.log(Math.max(softmax(row)[labels[index] ?? 0] ?? 0, 1e-45)),
  );
  const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
  return { loss, ...computeMetrics({ labels, predictions: logits.map(argmax) }) };
}
