import type { LabelScore } from "../evaluation/pipeline";
import { softmax } from "../evaluation/predict";
import { labelName } from "../model/config-file";

/** What turns a model's outputs into scores (`function_to_apply`). */
export type ScoreFunction = "softmax" | "sigmoid" | "none";

/** The functions there are, for errors. */
export const SCORE_FUNCTIONS: readonly ScoreFunction[] = ["softmax", "sigmoid", "none"];

/** Scores of a text's outputs, in the outputs' order. */
export function scoresOf(logits: readonly number[], apply: ScoreFunction): number[] {
  if (apply === "softmax") return softmax(logits);
  return apply === "none" ? [...logits] : logits.map((value) => 1 / (1 + Math.exp(-value)));
}

/** The labels with the highest scores, highest first. */
export function rankedLabels(params: {
  scores: readonly number[];
  labels: readonly string[];
  topK: number;
}): LabelScore[] {
  const { scores, labels, topK } = params;
  return scores
    .map((score, id) => ({ label: labelName(labels, id), score }))
    .sort((left, right) => right.score - left.score)
    .slice(0, topK);
}

/**
 * The function of a model where a request names none, as transformers' text-classification pipeline chooses it.
 *
 * @param problemType - `problem_type` of config.json
 */
export function defaultFunction(problemType: unknown, labelCount: number): ScoreFunction {
  if (problemType === "regression") return "none";
  return problemType === "multi_label_classification" || labelCount === 1 ? "sigmoid" : "softmax";
}
