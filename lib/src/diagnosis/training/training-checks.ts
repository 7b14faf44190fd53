import type { Check } from "../check";

/** The checks of training, in the order in which a report asks them. */
export const TRAINING_CHECKS: readonly Check[] = [];
