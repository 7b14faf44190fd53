import type { Fault } from "../fault";

/** Faults that the checks of training must see. */
export const TRAINING_FAULTS: readonly Fault[] = [];
