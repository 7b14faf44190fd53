import { DRIFT_LIMITS } from "../diagnosis/data/drift-limits";
import { labelShift } from "../diagnosis/data/label-shift";
import { vocabularyDistance } from "../diagnosis/data/vocabulary-distance";
import { listed, percent, quoted } from "../diagnosis/wording";
import { mean, middle } from "../evaluation/significance/counts";
import { kolmogorovSmirnov } from "../evaluation/significance/kolmogorov-smirnov";
import { welchTest } from "../evaluation/significance/welch-test";
import type { Traffic } from "./traffic";
import type { TrafficBaseline } from "./traffic-baseline";

/** What is asked of incoming texts and their answers. */
export type DriftQuestionName = "lengths" | "new words" | "words" | "labels" | "confidence";

/** How far incoming texts are from what is normal. */
export interface DriftMeasure {
  /** From 0, the same, to 1, nothing in common. */
  readonly size: number;
  /** That chance makes as much of texts of the same kind. */
  readonly pValue: number;
  /** In words, with the numbers of both sides. */
  readonly found: string;
}

/** One question to incoming texts. */
export interface DriftQuestion {
  readonly name: DriftQuestionName;
  /** As a reader would ask it. */
  readonly question: string;
  /** From which size on it matters. */
  readonly limits: { readonly warn: number; readonly alert: number };
  /** What to do where it does. */
  readonly advice: string;
  readonly measure: (params: { baseline: TrafficBaseline; traffic: Traffic; seed: number }) => DriftMeasure;
}

/** Kolmogorov and Smirnov's distance: at 0.15, at least 15 % of the texts would have to be others. */
const KS_LIMITS = limitsOf("lengths");

/** The questions in the order in which a text passes them: its form, its words, its answer. */
export const DRIFT_QUESTIONS: readonly DriftQuestion[] = [
  {
    name: "lengths",
    question: "As long as the training texts?",
    limits: KS_LIMITS,
    advice: "Look at the longest and shortest texts: who sends them, and does the model read their ends?",
    measure: ({ baseline, traffic }) => {
      const trained = baseline.trainWords.map((words) => words.length);
      const { statistic, pValue } = kolmogorovSmirnov(trained, traffic.lengths);
      const found = `the middle text has ${middle(traffic.lengths)} words, in training ${middle(trained)}`;
      return { size: statistic, pValue, found };
    },
  },
  {
    name: "new words",
    question: "Words that training had?",
    limits: KS_LIMITS,
    advice:
      "Read a few texts with many new words: another subject, another language, or a client that breaks texts?",
    measure: ({ baseline: { validation }, traffic }) => {
      // means, not distributions: a long text has a share near the mean, and length has its own question
      const { difference, pValue } = welchTest(validation.newWords, traffic.newWords);
      const found = `${percent(mean(traffic.newWords))} of a text's words are new, in validation ${percent(mean(validation.newWords))}`;
      return { size: Math.max(0, difference), pValue, found };
    },
  },
  {
    name: "words",
    question: "The same words as often?",
    limits: limitsOf("words"),
    advice:
      "Label a hundred of these texts and measure: what was learned on one kind does not hold for another.",
    measure: ({ baseline, traffic, seed }) => {
      const compared = { one: baseline.trainWords, other: traffic.words, seed };
      const { distance, chance, excess, pValue, words } = vocabularyDistance(compared);
      const telling = words.filter(({ one, other }) => other > one).map(({ word }) => quoted(word, 20));
      const found = `${distance.toFixed(3)} apart, by chance ${chance.toFixed(3)}; most in excess: ${listed(telling.slice(0, 3)) || "none"}`;
      return { size: excess, pValue, found };
    },
  },
  {
    name: "labels",
    question: "The same answers as often?",
    limits: limitsOf("labels"),
    advice: "Label a hundred of them by hand: has the world changed, or the model's errors?",
    measure: ({ baseline: { validation, labels }, traffic }) => {
      const { excess, pValue } = labelShift(validation.labelCounts, traffic.labelCounts);
      const shares = [traffic, validation].map(({ labelCounts, lengths }) =>
        labelCounts.map((count) => count / lengths.length),
      );
      const most = largestChange(shares[0] ?? [], shares[1] ?? []);
      const found = `${labels[most] ?? ""} ${percent(shares[0]?.[most] ?? 0)}, in validation ${percent(shares[1]?.[most] ?? 0)}`;
      return { size: excess, pValue, found };
    },
  },
  {
    name: "confidence",
    question: "As sure as on validation?",
    limits: KS_LIMITS,
    advice: "Label the texts of which it is least sure: they are what to train on next.",
    measure: ({ baseline: { validation }, traffic }) => {
      const { statistic, pValue } = kolmogorovSmirnov(validation.confidence, traffic.confidence);
      const found = `mean ${mean(traffic.confidence).toFixed(3)} and ${mean(traffic.entropy).toFixed(2)} bits of doubt, in validation ${mean(validation.confidence).toFixed(3)} and ${mean(validation.entropy).toFixed(2)}`;
      return { size: statistic, pValue, found };
    },
  },
];

function limitsOf(name: keyof typeof DRIFT_LIMITS): DriftQuestion["limits"] {
  const { some, much } = DRIFT_LIMITS[name];
  return { warn: some, alert: much };
}

function largestChange(one: readonly number[], other: readonly number[]): number {
  const changes = one.map((share, index) => Math.abs(share - (other[index] ?? 0)));
  return changes.indexOf(Math.max(...changes));
}
