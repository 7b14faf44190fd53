import { argmax } from "../../evaluation/predict";

/** What a model that was not trained on these examples says of them. */
export interface LabelledProbabilities {
  /** `[example, label]`. */
  readonly probabilities: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** An example whose label a model denies. */
export interface Suspect {
  readonly index: number;
  /** What the model would call it. */
  readonly suggested: number;
  /** The probability that the model gives its label: the smaller, the more suspect. */
  readonly selfConfidence: number;
}

/** What {@link confidentJoint} counts. */
export interface ConfidentJoint {
  /** `[label, what the model is confident of]`; on the diagonal at least 1. */
  readonly counts: readonly (readonly number[])[];
  /** The mean probability that examples of a label are given for it; infinite for a label without examples. */
  readonly thresholds: readonly number[];
  /** The most suspect first. */
  readonly suspects: readonly Suspect[];
}

/** As cleanlab, so that rounding decides nothing. */
const TOLERANCE = 1e-6;
const LEAST_THRESHOLD = 2e-6;

/**
 * Counts which label examples have and which the model is confident of: of a label a model is confident where it gives it at
 * least as much probability as it gives it on average to the examples that have it (confident learning, Northcutt, Jiang and
 * Chuang 2021; the same numbers as cleanlab's compute_confident_joint without calibration, and the suspects of its
 * find_label_issues with `filter_by="confident_learning"`).
 */
export function confidentJoint({ probabilities, labels }: LabelledProbabilities): ConfidentJoint {
  const classes = probabilities[0]?.length ?? 0;
  const thresholds = Array.from({ length: classes }, (_, label) =>
    meanProbability({ probabilities, labels }, label),
  );
  const counts = thresholds.map(() => new Array<number>(classes).fill(0));
  const suspects: Suspect[] = [];
  for (const [index, row] of probabilities.entries()) {
    const label = labels[index] ?? -1;
    const suggested = confidentLabel(row, thresholds);
    const ofLabel = counts[label];
    if (suggested === undefined || !ofLabel) continue;
    ofLabel[suggested] = (ofLabel[suggested] ?? 0) + 1;
    if (suggested !== label && argmax([...row]) !== label)
      suspects.push({ index, suggested, selfConfidence: row[label] ?? 0 });
  }
  for (const [label, row] of counts.entries()) row[label] = Math.max(1, row[label] ?? 0);
  suspects.sort((left, right) => left.selfConfidence - right.selfConfidence || left.index - right.index);
  return { counts, thresholds, suspects };
}

/**
 * The share of labels that confident learning takes for wrong: what is off the diagonal, each label weighed by how many examples
 * have it (1 less the trace of cleanlab's estimate_joint, which also rounds to whole examples). It takes the model at its word:
 * a model that is confidently wrong makes it too large.
 */
export function confidentNoiseShare({ counts }: ConfidentJoint, labels: readonly number[]): number {
  const shares = counts.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const examples = labels.filter((other) => other === label).length;
    return (examples * (total - (row[label] ?? 0))) / total;
  });
  return labels.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / labels.length : 0;
}

function meanProbability({ probabilities, labels }: LabelledProbabilities, label: number): number {
  const given = probabilities.flatMap((row, index) => (labels[index] === label ? [row[label] ?? 0] : []));
  const mean = given.reduce((sum, value) => sum + value, 0) / given.length;
  return given.length > 0 ? Math.max(LEAST_THRESHOLD, mean) : Infinity;
}

/** Where a model is confident of several labels, its answer. */
function confidentLabel(row: readonly number[], thresholds: readonly number[]): number | undefined {
  const confident = row.flatMap((value, label) =>
    value >= (thresholds[label] ?? Infinity) - TOLERANCE ? [label] : [],
  );
  return confident.length > 1 ? argmax([...row]) : confident[0];
}
