import type { Fault } from "../fault";
import { ANSWER_FAULTS } from "./training/answer-faults";
import { BEGINNING_FAULTS } from "./training/beginning-faults";
import { RUN_FAULTS } from "./training/run-faults";

/** Faults that the checks of training must see. */
export const TRAINING_FAULTS: readonly Fault[] = [...ANSWER_FAULTS, ...BEGINNING_FAULTS, ...RUN_FAULTS];
