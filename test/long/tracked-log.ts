import { readFileSync } from "node:fs";
import path from "node:path";
import { curvePoints, reportedMetrics } from "../../lib/src/tracking/metric-names";
import { isSpeedMetric } from "../../lib/src/training/speed-metrics";
import type { LogEntry } from "../../lib/src/training/trainer-state";
import type { Point } from "../lib/tracking/scalars-of";

/** What the packages know of a run. */
export interface ReadBack {
  tensorboard: { scalars: Record<string, Point[]>; texts: Record<string, string> };
  wandb: {
    history: Record<string, number>[];
    summary: Record<string, number>;
    config: Record<string, unknown>;
    host: string;
    exitCode: number | null;
  };
  trackio: { name: string; config: Record<string, unknown>; history: Record<string, number>[] };
}

/** The log that a checkpoint keeps. */
export function storedLog(outputDir: string, step: number): LogEntry[] {
  const file = path.join(outputDir, `checkpoint-${step}`, "trainer_state.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { log_history: LogEntry[] }).log_history;
}

/** Rows of a log as W&B and Trackio have them. */
export function rowsOf(log: readonly LogEntry[]): Record<string, number>[] {
  return log.map((entry) => ({ ...reportedMetrics(curvePoints(entry)), "train/global_step": entry.step }));
}

/** A row without what the programs add; with `timeless`, without how long things took, too. */
export function own(row: Record<string, unknown>, timeless = false): Record<string, unknown> {
  const entries = Object.entries(row).filter(([name]) => name.includes("/"));
  return Object.fromEntries(entries.filter(([name]) => !timeless || !isSpeedMetric(name.replace("/", "_"))));
}

export const isPoint = (row: Record<string, unknown>): boolean => !("final" in row);
