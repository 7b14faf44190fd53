import type { ProgressOptions } from "../runtime/progress";

/** What a line of progress tells. */
export interface ProgressState extends ProgressOptions {
  readonly done: number;
  readonly elapsedMs: number;
  /** Whether the work is over. */
  readonly last: boolean;
  readonly note?: string | undefined;
}

/** One line: `training 40/188 steps (21%), 4.6 steps/s, 9 s, 32 s left, loss 0.412`. */
export function progressLine(state: ProgressState): string {
  const { label, unit, total, initial = 0, done, elapsedMs, last, note } = state;
  const perSecond = elapsedMs > 0 ? Math.max(0, done - initial) / (elapsedMs / 1_000) : 0;
  const left = perSecond > 0 ? ((total - done) / perSecond) * 1_000 : undefined;
  const percent = total > 0 ? ` (${Math.floor((100 * done) / total)}%)` : "";
  const parts = [
    `${label} ${done}/${total} ${unit}${percent}`,
    `${formatRate(perSecond)} ${unit}/s`,
    formatDuration(elapsedMs),
    ...(last || left === undefined ? [] : [`${formatDuration(left)} left`]),
    ...(note === undefined ? [] : [note]),
  ];
  return parts.join(", ");
}

/** A duration as a reader says it: `0.4 s`, `41 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (milliseconds < 1_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

function formatRate(perSecond: number): string {
  return perSecond >= 100
    ? perSecond.toFixed(0)
    : perSecond >= 10
      ? perSecond.toFixed(1)
      : perSecond.toFixed(2);
}
