import type { Check } from "../check";
import { checkpointChoice } from "./checkpoint-choice";
import { collapsedPredictions } from "./collapsed-predictions";
import { constantAnswer } from "./constant-answer";
import { gradientFlow } from "./gradient-flow";
import { initialLoss } from "./initial-loss";
import { learningCurve } from "./learning-curve";
import { overfitBatch } from "./overfit-batch";

/** The checks of training, in the order in which a report asks them. */
export const TRAINING_CHECKS: readonly Check[] = [
  constantAnswer,
  initialLoss,
  overfitBatch,
  gradientFlow,
  collapsedPredictions,
  learningCurve,
  checkpointChoice,
];
