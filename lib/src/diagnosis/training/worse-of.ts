import type { CheckVerdict, Finding } from "../check";

const SEVERITY: Record<CheckVerdict, number> = { pass: 0, warn: 1, fail: 2 };

/** The worse of two findings; of equally bad ones the first, of good ones the last, which says the most. */
export function worseOf(left: Finding, right: Finding): Finding {
  const difference = SEVERITY[left.verdict] - SEVERITY[right.verdict];
  if (difference === 0) return left.verdict === "pass" ? right : left;
  return difference > 0 ? left : right;
}
