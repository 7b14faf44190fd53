import { BEHAVIOUR_CHECKS } from "./behaviour/behaviour-checks";
import type { Check } from "./check";
import { DATA_CHECKS } from "./data/data-checks";
import { MODEL_CHECKS } from "./model/model-checks";
import { TRAINING_CHECKS } from "./training/training-checks";

/** Every check that lib has, in the order in which a report asks them. */
export const CHECKS: readonly Check[] = [
  ...DATA_CHECKS,
  ...TRAINING_CHECKS,
  ...MODEL_CHECKS,
  ...BEHAVIOUR_CHECKS,
];
