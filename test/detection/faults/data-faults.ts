import type { Fault } from "../fault";
import { LABEL_COUNT_FAULTS, LABEL_ORDER_FAULTS } from "./data/label-faults";
import { TEXT_FAULTS } from "./data/text-faults";

/** Faults that the checks of data must see. */
export const DATA_FAULTS: readonly Fault[] = [...LABEL_COUNT_FAULTS, ...LABEL_ORDER_FAULTS, ...TEXT_FAULTS];
