import { DataError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";
import type { ReviewSet } from "../data/review-set";

/** What an answer scores that never looks at the text. */
export interface ConstantScore {
  /** Name of the label that is always answered. */
  answer: string;
  accuracy: number;
  balancedAccuracy: number;
}

/** What every constant answer scores on a set: a metric that one of them wins says nothing about a model. */
export class ConstantPredictors extends Presentable {
  readonly scores: ConstantScore[];

  /**
   * @throws DataError if the set is empty
   */
  constructor(private readonly set: ReviewSet) {
    super();
    if (set.length === 0)
      throw new DataError(`"${set.name}" has 0 rows; expected some to score constant answers on.`);
    const counts = set.labelCounts();
    const occurring = Object.values(counts).filter((count) => count > 0).length;
    this.scores = Object.entries(set.id2label).map(([id, answer]) => {
      const count = counts[Number(id)] ?? 0;
      // of the recalls whose mean it is, the answer's own is 1 and the others are 0
      const balancedAccuracy = count > 0 ? 1 / occurring : 0;
      return { answer, accuracy: count / set.length, balancedAccuracy };
    });
  }

  /** The highest accuracy that a constant answer reaches. */
  get bestAccuracy(): number {
    return Math.max(...this.scores.map(({ accuracy }) => accuracy));
  }

  override present(): TableSpec {
    return {
      kind: "table",
      title: `Always the same answer, on ${this.set.name}`,
      columns: ["answer", "accuracy", "balanced accuracy"],
      rows: this.scores.map((score) => [`always ${score.answer}`, score.accuracy, score.balancedAccuracy]),
      format: { accuracy: 3, "balanced accuracy": 3 },
    };
  }
}
