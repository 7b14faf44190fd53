import { reportedMetrics } from "../../../lib/src/tracking/metric-names";
import type { LogEntry } from "../../../lib/src/training/trainer-state";

export type Point = [step: number, value: number];

/** Curves of a log as points in float32, each tag once a step. */
export function scalarsOf(log: readonly LogEntry[]): Record<string, Point[]> {
  const scalars: Record<string, Point[]> = {};
  for (const entry of log)
    for (const [tag, value] of Object.entries(reportedMetrics(entry))) {
      const points = (scalars[tag] ??= []);
      if (points.at(-1)?.[0] !== entry.step) points.push([entry.step, Math.fround(value)]);
    }
  return scalars;
}
