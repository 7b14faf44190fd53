import type { Fault } from "../fault";
import { CALIBRATION_FAULTS } from "./model/calibration-faults";
import { CARD_FAULTS } from "./model/card-faults";
import { LABEL_MAPPING_FAULTS } from "./model/label-mapping-faults";
import { LABEL_NAMES_FAULTS } from "./model/label-names-faults";
import { OBVIOUS_CASE_FAULTS } from "./model/obvious-case-faults";

/** Faults that the checks of model must see. */
export const MODEL_FAULTS: readonly Fault[] = [
  ...LABEL_NAMES_FAULTS,
  ...LABEL_MAPPING_FAULTS,
  ...OBVIOUS_CASE_FAULTS,
  ...CARD_FAULTS,
  ...CALIBRATION_FAULTS,
];
