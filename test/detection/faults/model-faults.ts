import type { Fault } from "../fault";

/** Faults that the checks of model must see. */
export const MODEL_FAULTS: readonly Fault[] = [];
