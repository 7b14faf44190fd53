import type { ObviousCase } from "../data/obvious-cases";
import type { TextClassificationPipeline } from "../evaluation/pipeline";
import { Presentable, type TableSpec } from "../runtime/presentation";

/** An obvious case and what a model said of it. */
export interface CheckedCase extends ObviousCase {
  /** Name of the label that the model gave. */
  said: string;
  /** Probability of that label. */
  score: number;
  /** Probability of every label. */
  scores: Record<string, number>;
}

/** What a model says of sentences whose label nobody doubts. */
export class ObviousCaseCheck extends Presentable {
  constructor(readonly cases: CheckedCase[]) {
    super();
  }

  /** How many the model got right. */
  get right(): number {
    return this.cases.filter(({ label, said }) => label === said).length;
  }

  /** How many the model gave this label. */
  called(label: string): number {
    return this.cases.filter(({ said }) => said === label).length;
  }

  override present(): TableSpec {
    return {
      kind: "table",
      columns: ["sentence", "should be", "model says", "confidence", ""],
      rows: this.cases.map(({ text, label, said, score }) => [
        text,
        label,
        said,
        score,
        said === label ? "✓" : "✗",
      ]),
      format: { confidence: "percent" },
    };
  }
}

/** Asks a model about the obvious cases. */
export async function checkObviousCases(
  classify: TextClassificationPipeline,
  cases: ObviousCase[],
): Promise<ObviousCaseCheck> {
  const { texts } = await classify(cases.map(({ text }) => text));
  const checked = cases.map((obvious, index) => {
    const { label: said = "", score = NaN, scores = {} } = texts[index] ?? {};
    return { ...obvious, said, score, scores };
  });
  return new ObviousCaseCheck(checked);
}
