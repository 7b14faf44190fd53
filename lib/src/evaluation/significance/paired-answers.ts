import { DataError } from "../../runtime/errors";

/** What two models said of the same labelled examples, by id. */
export interface PairedAnswers {
  readonly labels: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/**
 * Refuses answers that do not belong to one set of examples.
 *
 * @throws DataError for no examples, or not as many answers as labels
 */
export function checkPairedAnswers({ labels, left, right }: PairedAnswers): void {
  if (labels.length === 0 || left.length !== labels.length || right.length !== labels.length)
    throw new DataError(
      `Two models were compared on ${labels.length} labels with ${left.length} and ${right.length} predictions; expected as many of each, and at least one.`,
    );
}
