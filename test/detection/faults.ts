import type { Fault } from "./fault";
import { BEHAVIOUR_FAULTS } from "./faults/behaviour-faults";
import { DATA_FAULTS } from "./faults/data-faults";
import { MODEL_FAULTS } from "./faults/model-faults";
import { TRAINING_FAULTS } from "./faults/training-faults";

/** Every fault, in the order of the table. */
export const FAULTS: readonly Fault[] = [
  ...DATA_FAULTS,
  ...TRAINING_FAULTS,
  ...MODEL_FAULTS,
  ...BEHAVIOUR_FAULTS,
];
