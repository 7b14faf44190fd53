import { binomialCdf } from "./distributions";
import { checkPairedAnswers, type PairedAnswers } from "./paired-answers";

/** Whether two models err equally often on the same examples. */
export interface McNemarResult {
  /** Examples that only the left model got right. */
  readonly onlyLeftRight: number;
  /** Examples that only the right model got right. */
  readonly onlyRightRight: number;
  readonly bothRight: number;
  readonly bothWrong: number;
  readonly pValue: number;
}

/**
 * McNemar's exact test (1947; statsmodels' mcnemar with exact=True): of the examples that one model alone got right, each
 * model has half where they are equally good. Models that are right on the same examples have a p of 1.
 *
 * @throws DataError for no examples, or not as many predictions as labels
 */
export function mcnemarTest(answers: PairedAnswers): McNemarResult {
  checkPairedAnswers(answers);
  const { labels, left, right } = answers;
  const counts = { onlyLeftRight: 0, onlyRightRight: 0, bothRight: 0, bothWrong: 0 };
  for (const [index, label] of labels.entries()) {
    const leftRight = left[index] === label;
    const rightRight = right[index] === label;
    if (leftRight) counts[rightRight ? "bothRight" : "onlyLeftRight"] += 1;
    else counts[rightRight ? "onlyRightRight" : "bothWrong"] += 1;
  }
  const { onlyLeftRight, onlyRightRight } = counts;
  const fewer = Math.min(onlyLeftRight, onlyRightRight);
  return { ...counts, pValue: Math.min(1, 2 * binomialCdf(fewer, onlyLeftRight + onlyRightRight, 0.5)) };
}
