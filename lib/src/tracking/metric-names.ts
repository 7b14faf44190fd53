import type { LogEntry } from "../training/trainer-state";

/** What a run comes to as a whole, and is no point of a curve (transformers' `single_value_scalars`). */
const SINGLE_VALUES = [
  "train_runtime",
  "train_samples_per_second",
  "train_steps_per_second",
  "train_loss",
  "total_flos",
];

/** Metrics of a log entry as transformers reports them, `train/loss` and `eval/accuracy` (integration_utils.py, `rewrite_logs`). */
export function reportedMetrics(entry: LogEntry): Record<string, number> {
  const metrics = Object.entries(entry).filter(([name]) => name !== "step");
  return Object.fromEntries(metrics.map(([name, value]) => [reportedName(name), value]));
}

/** The metrics of an entry that stand for the whole run, by their names in the log. */
export function singleValues(entry: LogEntry): Record<string, number> {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => SINGLE_VALUES.includes(name)));
}

/** An entry without what stands for the whole run. */
export function curvePoints(entry: LogEntry): LogEntry {
  const points = Object.entries(entry).filter(([name]) => !SINGLE_VALUES.includes(name));
  return Object.fromEntries(points) as LogEntry;
}

function reportedName(name: string): string {
  const [, set, metric] = /^(eval|test)_(.*)$/.exec(name) ?? [];
  return set === undefined ? `train/${name}` : `${set}/${metric ?? ""}`;
}
