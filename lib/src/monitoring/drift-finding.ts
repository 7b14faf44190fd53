import { DRIFT_SIGNIFICANCE } from "../diagnosis/data/drift-limits";
import { holm } from "../evaluation/significance/multiple-testing";
import type { LoggedPrediction } from "../serving/logged-prediction";
import { DRIFT_QUESTIONS, type DriftMeasure, type DriftQuestion } from "./drift-questions";
import { measureTraffic } from "./traffic";
import type { TrafficBaseline } from "./traffic-baseline";

/** Whether a difference is none that matters, one to look at, or one that makes the answers doubtful. */
export type DriftVerdict = "ok" | "warn" | "alert";

/** The answer to one question about some answered texts. */
export interface DriftFinding extends DriftMeasure {
  readonly asked: DriftQuestion;
  /** Holm's, over the questions that were asked of the same texts. */
  readonly adjustedPValue: number;
  readonly verdict: DriftVerdict;
}

/** The worst first. */
export const WORST_DRIFT_FIRST: readonly DriftVerdict[] = ["alert", "warn", "ok"];

/**
 * Asks every question of some answered texts. A difference counts if it is beyond chance and large enough to matter: of many texts
 * the smallest difference is beyond chance, and of a few a large one may be chance.
 */
export function findDrift(params: {
  baseline: TrafficBaseline;
  log: readonly LoggedPrediction[];
  seed: number;
}): DriftFinding[] {
  const { baseline, log, seed } = params;
  const traffic = measureTraffic({ log, vocabulary: baseline.vocabulary, labels: baseline.labels });
  const measures = DRIFT_QUESTIONS.map((asked) => asked.measure({ baseline, traffic, seed }));
  const adjusted = holm(measures.map(({ pValue }) => pValue));
  return measures.map((measure, index) => {
    const asked = DRIFT_QUESTIONS[index] as DriftQuestion;
    const adjustedPValue = adjusted[index] ?? 1;
    return { ...measure, asked, adjustedPValue, verdict: verdictOf(measure.size, adjustedPValue, asked) };
  });
}

function verdictOf(size: number, pValue: number, { limits }: DriftQuestion): DriftVerdict {
  if (pValue >= DRIFT_SIGNIFICANCE || size < limits.warn) return "ok";
  return size >= limits.alert ? "alert" : "warn";
}
