import { DRIFT_SIGNIFICANCE } from "../diagnosis/data/drift-limits";
import { ArgumentError } from "../runtime/errors";
import { DRIFT_QUESTIONS, type DriftQuestionName } from "./drift-questions";

/** When somebody is told, and of what. */
export interface AlertRule {
  readonly question: DriftQuestionName;
  /** Size of a difference from which on a window counts. */
  readonly threshold: number;
  /** A window counts only if chance would give its difference less often than this, all questions taken together. */
  readonly significance: number;
  /** How many windows in a row must count. */
  readonly patience: number;
  /** What whoever is told should do. */
  readonly advice: string;
}

/** One rule for each question: what is beyond chance and large enough to matter, in two windows in a row: one odd upload is no drift. */
export const ALERT_RULES: readonly AlertRule[] = DRIFT_QUESTIONS.map(({ name, limits, advice }) => ({
  question: name,
  threshold: limits.warn,
  significance: DRIFT_SIGNIFICANCE,
  patience: 2,
  advice,
}));

/**
 * Refuses rules that cannot be kept.
 *
 * @throws ArgumentError that names the rule
 */
export function checkRules(rules: readonly AlertRule[]): void {
  for (const { question, threshold, significance, patience, advice } of rules) {
    const says = (found: string, expected: string): ArgumentError =>
      new ArgumentError(`The rule on ${question} has ${found}; expected ${expected}.`);
    if (!(threshold >= 0 && threshold <= 1)) throw says(`a threshold of ${threshold}`, "0 to 1");
    if (!(significance > 0 && significance <= 1)) throw says(`a significance of ${significance}`, "0 to 1");
    if (!Number.isInteger(patience) || patience < 1)
      throw says(`a patience of ${patience}`, "a whole number of windows above 0");
    if (advice.trim() === "") throw says("no advice", "what to do: an alert without it is noise");
  }
}
