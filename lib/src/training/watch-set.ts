import type { PredictParams } from "../evaluation/predict";
import type { TrainerCallback } from "./callbacks";
import { evaluateModel, type ComputeMetrics, type Metrics } from "./evaluate";
import type { LogEntry } from "./trainer-state";

/** Metrics of the watched set at one step. */
export interface WatchedPoint {
  step: number;
  metrics: Metrics;
}

/**
 * Measures a second set at every evaluation, without a say in anything: what the Trainer does stays the same to the bit.
 */
export class WatchSet implements TrainerCallback {
  readonly points: WatchedPoint[] = [];

  constructor(private readonly params: PredictParams & { computeMetrics: ComputeMetrics }) {}

  /** Called by the Trainer after its own evaluation. */
  async onEvaluate(entry: LogEntry): Promise<void> {
    const metrics = await evaluateModel({ label: "Watching", ...this.params });
    this.points.push({ step: entry.step, metrics });
  }
}
