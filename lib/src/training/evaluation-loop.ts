import { predictLogits, type PredictParams } from "../evaluation/predict";
import { checkFeatures } from "./check-features";
import { scoreLogits, type Metrics, type ScoreOptions } from "./evaluate";
import { speedMetrics } from "./speed-metrics";

/** What a model says of a set (transformers' PredictionOutput). */
export interface PredictionOutput {
  /** Logits of every example, `[examples, labels]`. */
  predictions: number[][];
  /** `[examples]`; `null` where no example has a label. */
  labelIds: number[] | null;
  /** `<prefix>_loss`, what `computeMetrics` says (both of a labelled set only), and how long it took. */
  metrics: Metrics;
}

/**
 * Predicts a set and judges it by its labels, if it has some (transformers/trainer.py, `evaluation_loop`).
 *
 * @param params - `metricKeyPrefix` comes before each metric's name; `what` is the set's name in errors
 * @throws DataError if the set is empty, has labels of some examples only, or one that is not the model's
 */
export async function evaluationLoop(
  params: PredictParams & ScoreOptions & { batchSize: number; metricKeyPrefix: string; what: string },
): Promise<PredictionOutput> {
  const { features, model, batchSize, metricKeyPrefix, what } = params;
  const start = performance.now();
  const isLabelled = features.length === 0 || features.some(({ label }) => label !== undefined);
  if (isLabelled) checkFeatures(what, features, model);
  const labels = features.flatMap(({ label }) => label ?? []);
  const predictions = await predictLogits(params);
  const scores = isLabelled ? scoreLogits({ ...params, logits: predictions, labels }) : {};
  const speed = speedMetrics({
    seconds: (performance.now() - start) / 1_000,
    samples: features.length,
    steps: Math.ceil(features.length / batchSize),
  });
  return {
    predictions,
    labelIds: isLabelled ? labels : null,
    metrics: prefixed(metricKeyPrefix, { ...scores, ...speed }),
  };
}

/** Metrics with a prefix before each name that does not have it. */
export function prefixed(prefix: string, metrics: Metrics): Metrics {
  const named = (name: string): string => (name.startsWith(`${prefix}_`) ? name : `${prefix}_${name}`);
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [named(name), value]));
}
