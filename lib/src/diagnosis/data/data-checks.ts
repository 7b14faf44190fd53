import type { Check } from "../check";
import { drift } from "./drift";
import { labelBalance } from "./label-balance";
import { labelOrder } from "./label-order";
import { missingLabel } from "./missing-label";
import { shortTexts } from "./short-texts";
import { splitBalance } from "./split-balance";
import { truncation } from "./truncation";
import { unknownLabels } from "./unknown-labels";

/** The checks of data, in the order in which a report asks them. */
export const DATA_CHECKS: readonly Check[] = [
  labelBalance,
  splitBalance,
  labelOrder,
  missingLabel,
  unknownLabels,
  shortTexts,
  truncation,
  drift,
];
