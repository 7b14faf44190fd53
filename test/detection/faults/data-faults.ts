import type { Fault } from "../fault";
import { DUPLICATE_FAULTS, NEAR_DUPLICATE_FAULTS } from "./data/copy-faults";
import { LABEL_COUNT_FAULTS, LABEL_ORDER_FAULTS } from "./data/label-faults";
import { LABEL_NOISE_FAULTS } from "./data/noise-faults";
import { TEXT_FAULTS } from "./data/text-faults";

/** Faults that the checks of data must see. */
export const DATA_FAULTS: readonly Fault[] = [
  ...LABEL_COUNT_FAULTS,
  ...LABEL_ORDER_FAULTS,
  ...TEXT_FAULTS,
  ...DUPLICATE_FAULTS,
  ...NEAR_DUPLICATE_FAULTS,
  ...LABEL_NOISE_FAULTS,
];
