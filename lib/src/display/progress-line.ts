import type { ProgressOptions } from "../runtime/progress";

/** What a line of progress tells. */
export interface ProgressState extends ProgressOptions {
  readonly done: number;
  readonly elapsedMs: number;
  /** Units of this run by second, what came between them not counted. */
  readonly perSecond: number;
  /** `undefined` as long as nothing tells. */
  readonly leftMs: number | undefined;
  readonly phase: "running" | "over" | "interrupted";
  /** Short remarks, the most important first. */
  readonly notes: readonly string[];
  /** What is being done within this work, from the outermost on. */
  readonly nested: readonly NestedWork[];
}

/** Work that is part of other work, or comes in between. */
export type NestedWork = Pick<ProgressOptions, "label" | "total" | "unit"> & { readonly done: number };

/**
 * One line, of at most so many characters: `Training 40/188 steps (21%), 9 s, 32 s left, loss 0.412, 4.60 steps/s`.
 *
 * What matters least stands last, and leaves first where there is no room.
 */
export function progressLine(state: ProgressState, columns = Infinity): string {
  const { label, unit, total, done, elapsedMs, perSecond, leftMs, phase, notes, nested } = state;
  const percent = total > 0 ? ` (${Math.floor((100 * done) / total)}%)` : "";
  const isRunning = phase === "running";
  const parts = [
    `${label} ${phase === "interrupted" ? "interrupted at " : ""}${done}/${total} ${unit}${percent}`,
    ...(isRunning ? nested.map(nestedPart) : []),
    isRunning ? formatClock(elapsedMs) : formatDuration(elapsedMs),
    ...(isRunning && leftMs !== undefined ? [`${formatClock(leftMs)} left`] : []),
    ...notes,
    `${formatRate(perSecond)} ${unit}/s`,
  ];
  while (parts.length > 1 && parts.join(", ").length > columns) parts.pop();
  return parts.join(", ").slice(0, columns);
}

/** In the middle of a line a label has no capital, unless it is an abbreviation. */
function nestedPart({ label, done, total, unit }: NestedWork): string {
  const lower = /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
  return `${lower} ${done}/${total} ${unit}`;
}

/** A duration as a reader says it: `0.4 s`, `41 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (milliseconds < 1_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** The same where there is little room: `41 s`, `3:05`, `2:10:00`. */
function formatClock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function formatRate(perSecond: number): string {
  return perSecond >= 100
    ? perSecond.toFixed(0)
    : perSecond >= 10
      ? perSecond.toFixed(1)
      : perSecond.toFixed(2);
}
