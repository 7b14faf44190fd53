import { labelName } from "../model/config-file";
import { ArgumentError, DataError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";

/** Labels and what a model said, by id. */
export interface Classified {
  labels: readonly number[];
  predictions: readonly number[];
}

/** Share of predictions that equal their label. */
export function accuracy({ labels, predictions }: Classified): number {
  checkPairs({ labels, predictions });
  return labels.filter((label, index) => label === predictions[index]).length / labels.length;
}

/** Share of one label's examples that were recognised; `NaN` where the label does not occur. */
export function recall(params: Classified & { label: number }): number {
  const { labels, predictions, label } = params;
  const hits = labels.flatMap((found, index) => (found === label ? [predictions[index] === label] : []));
  return hits.filter(Boolean).length / hits.length;
}

/**
 * Mean recall of the labels that occur: 0.5 for whoever always says the same of two (scikit-learn's balanced_accuracy_score).
 */
export function balancedAccuracy({ labels, predictions }: Classified): number {
  checkPairs({ labels, predictions });
  const recalls = [...new Set(labels)].map((label) => recall({ labels, predictions, label }));
  return recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
}

/** Share of predictions that say one label. */
export function predictedShare(predictions: readonly number[], label: number): number {
  checkSome(predictions.length);
  return predictions.filter((prediction) => prediction === label).length / predictions.length;
}

/**
 * Counts by label (rows) and prediction (columns).
 *
 * @throws DataError for a label or prediction outside 0 to `numLabels` - 1
 */
export function confusionMatrix(params: Classified & { numLabels: number }): number[][] {
  const { labels, predictions, numLabels } = params;
  checkPairs(params);
  const counts = Array.from({ length: numLabels }, () => new Array<number>(numLabels).fill(0));
  for (const [index, label] of labels.entries()) {
    const prediction = predictions[index] ?? NaN;
    const row = counts[label];
    const count = row?.[prediction];
    if (!row || count === undefined)
      throw new DataError(
        `Example ${index} has the label ${label} and the prediction ${prediction}; expected 0 to ${numLabels - 1}.`,
      );
    row[prediction] = count + 1;
  }
  return counts;
}

/**
 * The interval that holds the true share with about 95 % confidence (Wilson 1927), for `hits` of `count`; with another confidence
 * where `z`, the normal distribution's quantile for it, is another.
 *
 * @throws DataError for a count of 0
 * @throws ArgumentError for fewer hits than 0 or more than there are
 */
export function wilsonInterval(hits: number, count: number, z = 1.959964): [number, number] {
  checkSome(count);
  if (!(hits >= 0 && hits <= count))
    throw new ArgumentError(`${hits} hits of ${count} were given; expected 0 to ${count}.`);
  const share = hits / count;
  const centre = share + (z * z) / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  // at the ends the formula gives 0 and 1, but for rounding
  return [hits === 0 ? 0 : (centre - spread) / scale, hits === count ? 1 : (centre + spread) / scale];
}

/** How a model did on a labelled set, as a table of labels by predictions. */
export class ClassificationReport extends Presentable {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly confusion: number[][];

  constructor(
    readonly name: string,
    /** What was measured, example by example. */
    readonly classified: Classified,
    readonly id2label: Record<number, string>,
  ) {
    super();
    this.accuracy = accuracy(classified);
    this.balancedAccuracy = balancedAccuracy(classified);
    this.confusion = confusionMatrix({ ...classified, numLabels: Object.keys(id2label).length });
  }

  override present(): TableSpec {
    const names = this.confusion.map((_, id) => labelName(this.id2label, id));
    const rows = this.confusion.map((counts, id) => {
      const count = counts.reduce((sum, value) => sum + value, 0);
      return [names[id] ?? "", count, ...counts, count > 0 ? (counts[id] ?? 0) / count : null];
    });
    return {
      kind: "table",
      title: `${this.name}: accuracy ${this.accuracy.toFixed(3)}, balanced accuracy ${this.balancedAccuracy.toFixed(3)}`,
      columns: ["label", "examples", ...names.map((name) => `called ${name}`), "recognised"],
      rows,
      format: { recognised: "percent" },
    };
  }
}

function checkPairs({ labels, predictions }: Classified): void {
  checkSome(labels.length);
  if (labels.length !== predictions.length)
    throw new DataError(
      `${labels.length} labels came with ${predictions.length} predictions; expected as many.`,
    );
}

function checkSome(count: number): void {
  if (count === 0) throw new DataError("A metric was asked of 0 examples; expected at least one.");
}
