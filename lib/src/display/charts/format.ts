import { formatCell } from "../../runtime/presentation-text";

/** A count with thousands separators. */
export function formatCount(count: number): string {
  return formatCell(count, 0);
}

/** A share of 1 as a whole percentage, which is 0% or 100% only where the share is exactly that. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return "under 1%";
  if (share < 1 && share > 0.99) return "over 99%";
  return `${Math.round(share * 100)}%`;
}

/** A number short enough for a chart's JSON: six significant digits are more than a pixel can show. */
export function short(value: number): number {
  return Number(value.toPrecision(6));
}

/** A share of 1 as a percentage with one decimal, which is 0.0% or 100.0% only where the share is exactly that. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.001) return "under 0.1%";
  if (share < 1 && share > 0.999) return "over 99.9%";
  return `${(share * 100).toFixed(1)}%`;
}
