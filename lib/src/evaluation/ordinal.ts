import { DataError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { accuracy, type Classified } from "./metrics";

/**
 * The mean distance between labels and predictions where labels are steps of a scale, in steps (scikit-learn's mean_absolute_error).
 * Predictions may lie between two steps.
 *
 * @throws DataError for no examples, or not as many predictions as labels
 */
export function meanAbsoluteError({ labels, predictions }: Classified): number {
  return distances({ labels, predictions }).reduce((sum, distance) => sum + distance, 0) / labels.length;
}

/**
 * The share of predictions that are at most one step from their label.
 *
 * @throws DataError for no examples, or not as many predictions as labels
 */
export function withinOneStep({ labels, predictions }: Classified): number {
  return distances({ labels, predictions }).filter((distance) => distance <= 1).length / labels.length;
}

/**
 * The step that probabilities mean on average, `Σ k p_k` with k from 0: between "two stars" and "three stars" where a model is torn
 * between the two. Of all answers it has the least squared error, if the probabilities are right.
 *
 * @throws DataError for no probabilities
 */
export function expectedStep(probabilities: readonly number[]): number {
  if (probabilities.length === 0)
    throw new DataError("The expected step of 0 probabilities was asked for; expected at least one.");
  const total = probabilities.reduce((sum, chance) => sum + chance, 0);
  return probabilities.reduce((sum, chance, step) => sum + step * chance, 0) / total;
}

/** How several ways of answering did on a scale, as a table. */
export class OrdinalReport extends Presentable {
  constructor(
    readonly labels: readonly number[],
    /** By name; one for each label, and possibly between two steps. */
    readonly answers: Readonly<Record<string, readonly number[]>>,
  ) {
    super();
    for (const predictions of Object.values(answers)) distances({ labels, predictions });
  }

  override present(): TableSpec {
    return {
      kind: "table",
      title: `${this.labels.length.toLocaleString("en-US")} examples on a scale`,
      columns: ["answer", "exactly right", "at most one step off", "mean steps off"],
      rows: Object.entries(this.answers).map(([name, predictions]) => {
        const classified = { labels: this.labels, predictions };
        // an answer between two steps is never exactly right, which says nothing of it
        const exact = predictions.every(Number.isInteger) ? accuracy(classified) : null;
        return [name, exact, withinOneStep(classified), meanAbsoluteError(classified)];
      }),
      format: { "exactly right": "percent", "at most one step off": "percent", "mean steps off": 2 },
    };
  }
}

function distances({ labels, predictions }: Classified): number[] {
  if (labels.length === 0 || labels.length !== predictions.length)
    throw new DataError(
      `${labels.length} labels came with ${predictions.length} predictions; expected as many, and at least one.`,
    );
  return labels.map((label, index) => Math.abs(label - (predictions[index] ?? NaN)));
}
