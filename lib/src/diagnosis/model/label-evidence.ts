import { sum } from "../../evaluation/significance/counts";
import { bestReading, countOutputs, secondReading, type OutputCounts, type Reading } from "./reading";
import { correctedP, fitOverChance, oneSidedP, testReading } from "./reading-significance";

/** An exchange of names is told, which stops a push, where chance would show it of right ones once in a thousand times. */
const CONTRADICTED = 0.001;
/** Names count as confirmed where chance alone would fit as well once in a hundred times. */
export const CONFIRMED = 0.01;

/** What was counted of a model's answers to labelled examples; labels and outputs are numbered from 0. */
export interface LabelledAnswers {
  readonly labels: readonly number[];
  readonly predictions: readonly number[];
  readonly numLabels: number;
  readonly numOutputs: number;
}

/** What the data say of a reading of a model's outputs that was declared. */
export interface LabelEvidence {
  readonly counts: OutputCounts;
  readonly declared: Reading;
  /** The declared reading, with the labels exchanged that the data show to be exchanged. */
  readonly best: Reading;
  /** Of all others the one that fits best; `undefined` where there is no other. */
  readonly second: Reading | undefined;
  /** How likely chance alone would contradict the declared reading as much. */
  readonly pDeclared: number;
  /** How likely the best reading would fit as much better than the second by chance. */
  readonly pSecond: number;
  /** How likely the best reading would fit as well if outputs had nothing to do with labels. */
  readonly pChance: number;
  /** Whether the model tells labels apart, so that some reading is better than chance. */
  readonly isDecided: boolean;
}

/**
 * Asks labelled examples which output stands for which label.
 *
 * A reading that is chosen among many fits the examples that it was chosen on too well. So labels count as exchanged only if either
 * the exchange is convincing though there were so many to choose from (Bonferroni's correction), or if each half of the examples
 * asks for it and all that one half asks for is confirmed by the other.
 */
export function weighReadings(answers: LabelledAnswers, declared: Reading): LabelEvidence {
  const counts = countOutputs(answers);
  const fitting = bestReading(counts, declared);
  const { p: pHalves, readings } = crossExamine(answers, declared);
  const exchanges = testReading(counts, fitting, declared).exchanges.map(({ labels, z }) => {
    const isAgreed = labels.every((label) => readings.every((reading) => reading[label] === fitting[label]));
    const p = correctedP(z, { exchanged: labels.length, of: declared.length });
    return { labels, p: isAgreed ? Math.min(p, pHalves) : p };
  });
  const moved = new Set(exchanges.flatMap(({ labels, p }) => (p < CONTRADICTED ? labels : [])));
  const best = declared.map((output, label) => (moved.has(label) ? (fitting[label] ?? output) : output));
  const second = sameReading(best, fitting) ? secondReading(counts, best) : fitting;
  const pChance = oneSidedP(fitOverChance(counts, best));
  return {
    ...{ counts, declared, best, second, pChance },
    pDeclared: Math.min(1, ...exchanges.map(({ p }) => p)),
    pSecond: second ? oneSidedP(testReading(counts, best, second).z) : 1,
    isDecided: moved.size > 0 || pChance < CONFIRMED,
  };
}

/** Whether two readings are the same. */
export function sameReading(one: Reading, other: Reading): boolean {
  return one.length === other.length && one.every((output, label) => output === other[label]);
}

/** The reading that each half of the examples asks for, and how likely chance alone would let each confirm the other as well. */
function crossExamine(answers: LabelledAnswers, declared: Reading): { p: number; readings: Reading[] } {
  const parts = halves(answers).map(countOutputs);
  const readings = parts.map((counts) => bestReading(counts, declared));
  const others = [...readings].reverse();
  const zs = parts.map((counts, half) => testReading(counts, others[half] ?? declared, declared).z);
  return { p: oneSidedP(sum(zs) / Math.sqrt(zs.length)), readings };
}

/** Of each label's examples, every other one. */
function halves(answers: LabelledAnswers): LabelledAnswers[] {
  const seen = new Map<number, number>();
  const half = answers.labels.map((label) => {
    const place = seen.get(label) ?? label;
    seen.set(label, place + 1);
    return place % 2;
  });
  return [0, 1].map((which) => ({
    ...answers,
    labels: answers.labels.filter((_, index) => half[index] === which),
    predictions: answers.predictions.filter((_, index) => half[index] === which),
  }));
}
