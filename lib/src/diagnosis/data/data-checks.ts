import type { Check } from "../check";

/** The checks of data, in the order in which a report asks them. */
export const DATA_CHECKS: readonly Check[] = [];
