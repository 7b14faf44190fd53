import type { Fault } from "../fault";

/** Faults that the checks of behaviour must see. */
export const BEHAVIOUR_FAULTS: readonly Fault[] = [];
