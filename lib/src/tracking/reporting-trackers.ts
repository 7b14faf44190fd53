import type { TrainerCallback } from "../training/callbacks";
import { trackerNames, type TrackerName } from "../training/report-to";
import type { TrackedRun } from "../training/tracking";
import { runConfig, type ReportedRun, type RunConfig } from "./run-config";
import { TensorBoardTracker } from "./tensorboard-tracker";
import { TrackioTracker } from "./trackio-tracker";
import { WandbTracker } from "./wandb-tracker";

const MADE: Record<TrackerName, new (run: ReportedRun) => TrainerCallback> = {
  tensorboard: TensorBoardTracker,
  wandb: WandbTracker,
  trackio: TrackioTracker,
};

/** What reports a run to the programs of its `reportTo` (transformers' `get_reporting_integration_callbacks`). */
export function reportingTrackers(run: TrackedRun): TrainerCallback[] {
  let config: RunConfig | undefined;
  const reported = { args: run.args, config: () => (config ??= runConfig(run)) };
  return trackerNames(run.args.reportTo).map((name) => new MADE[name](reported));
}
