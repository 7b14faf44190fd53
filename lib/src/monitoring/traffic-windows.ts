import { FEWEST_COMPARED } from "../diagnosis/data/drift-limits";
import { ArgumentError } from "../runtime/errors";
import type { LoggedPrediction } from "../serving/logged-prediction";

/** How a log is cut: into so many answers each, or by days (UTC). */
export type WindowSize = number | "day";

/** Part of a log, in the order of time. */
export interface LogWindow {
  /** Of the first answer: ISO 8601. */
  readonly from: string;
  /** Of the last one. */
  readonly to: string;
  readonly log: readonly LoggedPrediction[];
}

/**
 * Cuts a log into windows, by time. A window that ends with fewer than 20 answers is joined with the one before it, or, where there
 * is none, with the next: a quiet night tells nothing of a distribution.
 *
 * @throws ArgumentError for a size below 20
 */
export function cutWindows(log: readonly LoggedPrediction[], size: WindowSize): LogWindow[] {
  if (size !== "day" && !(Number.isInteger(size) && size >= FEWEST_COMPARED))
    throw new ArgumentError(
      `A window of ${size} answers was asked for; expected "day" or a whole number of at least ${FEWEST_COMPARED}.`,
    );
  const byTime = [...log].sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  const parts = new Map<number, LoggedPrediction[]>();
  for (const [index, entry] of byTime.entries()) {
    const key = size === "day" ? Math.floor(Date.parse(entry.time) / 86_400_000) : Math.floor(index / size);
    const part = parts.get(key);
    if (part) part.push(entry);
    else parts.set(key, [entry]);
  }
  const windows: LoggedPrediction[][] = [];
  for (const part of parts.values()) {
    const last = windows.at(-1);
    if (last && (part.length < FEWEST_COMPARED || last.length < FEWEST_COMPARED)) last.push(...part);
    else windows.push(part);
  }
  return windows.map((part) => ({ from: part[0]?.time ?? "", to: part.at(-1)?.time ?? "", log: part }));
}
