import type { Check } from "../check";
import { calibration } from "./calibration";
import { card } from "./card";
import { labelMapping } from "./label-mapping";
import { labelNames } from "./label-names";
import { obviousCases } from "./obvious-cases";

/** The checks of model, in the order in which a report asks them. */
export const MODEL_CHECKS: readonly Check[] = [labelNames, labelMapping, obviousCases, card, calibration];
