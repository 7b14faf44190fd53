import type { Fault } from "../fault";
import { CHANGE_FAULTS } from "./behaviour/change-faults";
import { INPUT_FAULTS } from "./behaviour/input-faults";
import { SENTENCE_FAULTS } from "./behaviour/sentence-faults";
import { SHORTCUT_FAULTS } from "./behaviour/shortcut-faults";

/** Faults that the checks of behaviour must see. */
export const BEHAVIOUR_FAULTS: readonly Fault[] = [
  ...SENTENCE_FAULTS,
  ...CHANGE_FAULTS,
  ...INPUT_FAULTS,
  ...SHORTCUT_FAULTS,
];
