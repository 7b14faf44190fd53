import { Presentable, type TableSpec } from "../../runtime/presentation";
import { accuracy, wilsonInterval } from "../metrics";
import { mcnemarTest, type McNemarResult } from "./mcnemar";
import { pairedBootstrap } from "./paired-bootstrap";
import type { PairedAnswers } from "./paired-answers";
import { examplesToShow } from "./sample-size";

/** What is shown of the right model against the left one: it is better, it is worse, or the difference may be chance. */
export type ComparisonFinding = "better" | "worse" | "undecided";

/** Below this p-value a difference counts as shown. */
const ALPHA = 0.05;

/** What one asks the number of examples for where no difference was shown: a point of accuracy. */
const ONE_POINT = 0.01;

/** How one model did in a comparison. */
export interface ComparedModel {
  readonly name: string;
  readonly accuracy: number;
  /** Of the accuracy, with 95 % confidence. */
  readonly interval: readonly [number, number];
  /** Examples that it got right and the other did not. */
  readonly aloneRight: number;
}

/** Two models on the same examples, and whether one is better. */
export class ModelComparison extends Presentable {
  readonly left: ComparedModel;
  readonly right: ComparedModel;
  readonly examples: number;
  /** By which examples each got right; its p-value decides the finding. */
  readonly mcnemar: McNemarResult;
  /** Accuracy of the right model less that of the left one. */
  readonly difference: number;
  /** Of the difference, with 95 % confidence. */
  readonly interval: readonly [number, number];
  /** Share of examples on which the models answer differently. */
  readonly disagreement: number;

  constructor(name: readonly [string, string], answers: PairedAnswers) {
    super();
    const { labels, left, right } = answers;
    this.mcnemar = mcnemarTest(answers);
    this.examples = labels.length;
    const { onlyLeftRight, onlyRightRight } = this.mcnemar;
    this.left = compared({ name: name[0], labels, predictions: left, aloneRight: onlyLeftRight });
    this.right = compared({ name: name[1], labels, predictions: right, aloneRight: onlyRightRight });
    ({ difference: this.difference, interval: this.interval } = pairedBootstrap(answers));
    this.disagreement = left.filter((said, index) => said !== right[index]).length / left.length;
  }

  /** Which model is better, as far as the examples show it. */
  get finding(): ComparisonFinding {
    if (this.mcnemar.pValue >= ALPHA) return "undecided";
    return this.difference > 0 ? "better" : "worse";
  }

  /** The difference that `examplesNeeded` is about: the one seen if it is shown, else one point of accuracy. */
  get differenceToShow(): number {
    return this.finding === "undecided" ? ONE_POINT : Math.abs(this.difference);
  }

  /** How many examples would show `differenceToShow` with a chance of 80 %, if the models disagree as often as they do here. */
  get examplesNeeded(): number {
    const { onlyLeftRight, onlyRightRight } = this.mcnemar;
    // where both err, each in its own way, neither is better: only these count
    const discordant = (onlyLeftRight + onlyRightRight) / this.examples;
    const difference = this.differenceToShow;
    return examplesToShow({ difference, disagreement: Math.max(discordant, difference) });
  }

  override present(): TableSpec {
    return {
      kind: "table",
      title: `${this.right.name} against ${this.left.name}, on ${count(this.examples)} examples`,
      columns: ["model", "accuracy", "from", "to", "right where the other is wrong"],
      rows: [this.left, this.right].map((model) => [
        model.name,
        model.accuracy,
        ...model.interval,
        model.aloneRight,
      ]),
      format: { accuracy: 3, from: 3, to: 3 },
      note: this.#note(),
    };
  }

  #note(): string {
    const [from, to] = this.interval;
    const { name } = this.right;
    const than = this.left.name;
    const chance = probability(this.mcnemar.pValue);
    switch (this.finding) {
      case "better":
        return `${name} is better than ${than} by ${points(this.difference)} points (${points(from)} to ${points(to)}), ${chance}.`;
      case "worse":
        return `${name} is worse than ${than} by ${points(-this.difference)} points (${points(-to)} to ${points(-from)}), ${chance}.`;
      case "undecided":
        return `Neither is shown to be better: from ${than} to ${name} accuracy changes by ${points(this.difference)} points (${points(from)} to ${points(to)}), ${chance}. ${this.#reach()}`;
    }
  }

  /** Whether the examples would have shown a point, had it been there. */
  #reach(): string {
    const needed = count(this.examplesNeeded);
    return this.examplesNeeded > this.examples
      ? `To show a difference of 1 point takes about ${needed} examples.`
      : `A difference of 1 point would probably have shown: that takes about ${needed} examples.`;
  }
}

/**
 * Whether one of two models is better on the same labelled examples, by McNemar's exact test, with the intervals of both
 * accuracies and of their difference.
 *
 * @throws DataError for no examples, or not as many predictions as labels
 */
export function compareModels(params: PairedAnswers & { name?: readonly [string, string] }): ModelComparison {
  const { name = ["left", "right"], ...answers } = params;
  return new ModelComparison(name, answers);
}

function compared(params: {
  name: string;
  labels: readonly number[];
  predictions: readonly number[];
  aloneRight: number;
}): ComparedModel {
  const { name, labels, predictions, aloneRight } = params;
  const share = accuracy({ labels, predictions });
  return {
    name,
    accuracy: share,
    interval: wilsonInterval(Math.round(share * labels.length), labels.length),
    aloneRight,
  };
}

/** A share of 1 in hundredths, without a minus before 0. */
function points(share: number): string {
  return (Number((share * 100).toFixed(1)) + 0).toFixed(1);
}

function probability(pValue: number): string {
  return pValue < 0.0001 ? "p < 0.0001" : `p = ${pValue.toPrecision(2)}`;
}

function count(examples: number): string {
  return examples.toLocaleString("en-US");
}
