import { accuracy, balancedAccuracy } from "../evaluation/metrics";
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

  constructor(private readonly set: ReviewSet) {
    super();
    const { labels } = set;
    this.scores = Object.entries(set.id2label).map(([id, answer]) => {
      const predictions = labels.map(() => Number(id));
      const classified = { labels, predictions };
      return { answer, accuracy: accuracy(classified), balancedAccuracy: balancedAccuracy(classified) };
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
