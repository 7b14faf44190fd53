import type { Fault } from "../fault";

/** Faults that the checks of data must see. */
export const DATA_FAULTS: readonly Fault[] = [];
