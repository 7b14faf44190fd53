import type { BehaviourCase } from "../../data/behaviour-cases";
import { wilsonInterval } from "../../evaluation/metrics";
import { argmax } from "../../evaluation/predict";
import type { TableSpec } from "../../runtime/presentation";
import type { Answerable } from "../check";
import { quoted } from "../wording";
import { askProbabilities } from "./probabilities";

/** A labelled case and what the model said of it. */
export interface AnsweredCase extends BehaviourCase {
  /** Name of the output that the model gave. */
  readonly said: string;
  /** Probability of that output. */
  readonly confidence: number;
  readonly right: boolean;
}

/** How often the model was right about cases of one kind. */
export interface KindScore {
  readonly kind: string;
  readonly count: number;
  readonly right: number;
  /** Share that it got wrong. */
  readonly failureRate: number;
  /** Of the failure rate, with 95 % confidence. */
  readonly interval: readonly [number, number];
}

/** Asks the model about labelled cases, in their order. */
export async function askCases(
  examination: Answerable<"classifier" | "sentiment">,
  cases: readonly BehaviourCase[],
): Promise<AnsweredCase[]> {
  const { sentiment, classifier } = examination;
  const probabilities = await askProbabilities(
    examination,
    cases.map(({ text }) => text),
  );
  return cases.map((asked, index) => {
    const answer = probabilities[index] ?? [];
    const output = argmax(answer);
    const meant = asked.label === "POSITIVE" ? sentiment.positive : sentiment.negative;
    const said = classifier.model.id2label[output] ?? "";
    return { ...asked, said, confidence: answer[output] ?? 0, right: output === meant };
  });
}

/** Counts by kind, in the order of the cases. */
export function scoreKinds(cases: readonly AnsweredCase[]): KindScore[] {
  const kinds = [...new Set(cases.map(({ kind }) => kind))];
  return kinds.map((kind) =>
    score(
      kind,
      cases.filter((asked) => asked.kind === kind),
    ),
  );
}

/** Counts of all cases together. */
export function score(kind: string, cases: readonly AnsweredCase[]): KindScore {
  const count = cases.length;
  const right = cases.filter((asked) => asked.right).length;
  const wrong = count - right;
  return { kind, count, right, failureRate: wrong / count, interval: wilsonInterval(wrong, count) };
}

/** The kinds as a table, with the interval of what they get wrong. */
export function kindTable(scores: readonly KindScore[], title: string): TableSpec {
  return {
    kind: "table",
    title,
    columns: ["kind", "sentences", "right", "wrong", "from", "to"],
    rows: scores.map(({ kind, count, right, failureRate, interval }) => [
      kind,
      count,
      right,
      failureRate,
      ...interval,
    ]),
    format: { wrong: "percent", from: "percent", to: "percent" },
    note: "From and to: the interval that holds the true share of wrong answers with 95 % confidence (Wilson).",
  };
}

const MOST_PER_KIND = 4;

/** Some sentences of every kind that were answered wrongly; none where there is none. */
export function wrongCases(cases: readonly AnsweredCase[]): TableSpec[] {
  const wrong = cases.filter(({ right }) => !right);
  const kinds = [...new Set(wrong.map(({ kind }) => kind))];
  const shown = kinds.flatMap((kind) => wrong.filter((asked) => asked.kind === kind).slice(0, MOST_PER_KIND));
  if (shown.length === 0) return [];
  return [
    {
      kind: "table",
      title: `Answered wrongly: ${shown.length} of ${wrong.length}, at most ${MOST_PER_KIND} of a kind`,
      columns: ["sentence", "kind", "should be", "model says", "confidence"],
      rows: shown.map(({ text, kind, label, said, confidence }) => [
        quoted(text),
        kind,
        label,
        said,
        confidence,
      ]),
      format: { confidence: "percent" },
    },
  ];
}
