import { ArgumentError, DataError } from "../runtime/errors";

/**
 * Weights by which every label counts the same in all, however often it occurs: examples / (labels x occurrences), which is
 * scikit-learn's `class_weight="balanced"` (King & Zeng 2001). For `TrainerParams.classWeights`.
 *
 * @param params - `numLabels`: the largest label and those below it, where nothing is said
 * @throws DataError for no label, one outside 0 to `numLabels` - 1, or one of these that does not occur
 */
export function balancedClassWeights(params: { labels: readonly number[]; numLabels?: number }): number[] {
  const { labels } = params;
  if (labels.length === 0)
    throw new DataError("Class weights were asked of 0 labels; expected at least one.");
  const numLabels = params.numLabels ?? labels.reduce((largest, label) => Math.max(largest, label), 0) + 1;
  const counts = Array.from({ length: numLabels }, () => 0);
  for (const [index, label] of labels.entries()) {
    const count = counts[label];
    if (count === undefined)
      throw new DataError(`Example ${index} has the label ${label}; expected 0 to ${numLabels - 1}.`);
    counts[label] = count + 1;
  }
  const missing = counts.indexOf(0);
  if (missing >= 0)
    throw new DataError(
      `The label ${missing} does not occur, so no weight balances it; expected every label of 0 to ${numLabels - 1}.`,
    );
  return counts.map((count) => labels.length / (numLabels * count));
}

/**
 * Refuses weights that do not fit a model's labels.
 *
 * @throws ArgumentError for another number of weights than of labels, or one that is not above 0
 */
export function checkClassWeights(classWeights: readonly number[], numLabels: number): void {
  if (classWeights.length !== numLabels)
    throw new ArgumentError(
      `classWeights has ${classWeights.length} weights; expected one for each of the model's ${numLabels} labels.`,
    );
  const bad = classWeights.findIndex((weight) => !(Number.isFinite(weight) && weight > 0));
  if (bad >= 0)
    throw new ArgumentError(
      `classWeights has ${classWeights[bad]} for the label ${bad}; expected a number above 0.`,
    );
}
