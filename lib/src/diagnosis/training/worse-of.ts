import { WORST_FIRST, type Finding } from "../check";

/** The worse of two findings; of equally bad ones the first, of good ones the last, which says the most. */
export function worseOf(left: Finding, right: Finding): Finding {
  if (left.verdict === right.verdict) return left.verdict === "pass" ? right : left;
  return WORST_FIRST.indexOf(left.verdict) < WORST_FIRST.indexOf(right.verdict) ? left : right;
}
