import type { Check } from "../check";

/** The checks of model, in the order in which a report asks them. */
export const MODEL_CHECKS: readonly Check[] = [];
