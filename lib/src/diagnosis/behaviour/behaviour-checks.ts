import type { Check } from "../check";

/** The checks of behaviour, in the order in which a report asks them. */
export const BEHAVIOUR_CHECKS: readonly Check[] = [];
