import type { ReviewSet } from "../data/review-set";
import { FEWEST_COMPARED } from "../diagnosis/data/drift-limits";
import { sampleWords, wordsOf } from "../diagnosis/data/words-of-texts";
import { DataError } from "../runtime/errors";
import type { LoggedPrediction } from "../serving/logged-prediction";
import { checkLabels, checkLog } from "./check-log";
import { measureTraffic, type Traffic } from "./traffic";

/** What is normal: the texts that a model was trained on, and how it answered texts of the same kind that it had not seen. */
export interface TrafficBaseline {
  /** Words of some of the training set's texts. */
  readonly trainWords: readonly (readonly string[])[];
  /** All words of the training set, in lower case. */
  readonly vocabulary: ReadonlySet<string>;
  /** The model's labels. */
  readonly labels: readonly string[];
  readonly validation: Traffic;
}

/**
 * What incoming texts are compared with.
 *
 * Texts are compared with the training set; what depends on having seen them is not: of its own training set a model knows every
 * word and is too sure, so new words, labels and confidence are compared with its answers to `validation`. Those must be of the kind
 * that is expected to come in: labels that were balanced for training come in unbalanced.
 *
 * @throws DataError for a training set of fewer than 20 texts, or answers that cannot be compared
 */
export function trafficBaseline(params: {
  train: ReviewSet;
  /** The model's answers to texts that it was not trained on; a few hundred at least. */
  validation: readonly LoggedPrediction[];
  seed?: number;
}): TrafficBaseline {
  const { train, validation, seed = 1 } = params;
  const trainWords = sampleWords(train, seed).filter((words) => words.length > 0);
  if (trainWords.length < FEWEST_COMPARED)
    throw new DataError(
      `"${train.name}" has ${trainWords.length} texts with words; expected at least ${FEWEST_COMPARED} to compare with.`,
    );
  checkLog(validation, "validation");
  const labels = Object.keys(validation[0]?.scores ?? {});
  checkLabels(validation, labels);
  const vocabulary = new Set(train.texts.flatMap((text) => wordsOf(text).map((word) => word.toLowerCase())));
  return {
    ...{ trainWords, vocabulary, labels },
    validation: measureTraffic({ log: validation, vocabulary, labels }),
  };
}
