import type { Check } from "../check";
import { drift } from "./drift";
import { duplicates } from "./duplicates";
import { labelBalance } from "./label-balance";
import { labelNoise } from "./label-noise";
import { labelOrder } from "./label-order";
import { missingLabel } from "./missing-label";
import { nearDuplicates } from "./near-duplicates";
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
  duplicates,
  nearDuplicates,
  labelNoise,
];
