import type { Check } from "../check";
import { direction } from "./direction";
import { hardLanguage } from "./hard-language";
import { invariance } from "./invariance";
import { minimumFunctionality } from "./minimum-functionality";
import { oddInput } from "./odd-input";
import { spuriousWords } from "./spurious-words";
import { worstSlice } from "./worst-slice";

/** The checks of behaviour, in the order in which a report asks them. */
export const BEHAVIOUR_CHECKS: readonly Check[] = [
  minimumFunctionality,
  invariance,
  direction,
  hardLanguage,
  oddInput,
  worstSlice,
  spuriousWords,
];
