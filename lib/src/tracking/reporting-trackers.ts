import type { TrainerCallback } from "../training/callbacks";
import { trackerNames, type TrackerName } from "../training/report-to";
import type { TrackedRun } from "../training/tracking";
import { TensorBoardTracker } from "./tensorboard-tracker";
import { TrackioTracker } from "./trackio-tracker";
import { WandbTracker } from "./wandb-tracker";

const MADE: Record<TrackerName, new (run: TrackedRun) => TrainerCallback> = {
  tensorboard: TensorBoardTracker,
  wandb: WandbTracker,
  trackio: TrackioTracker,
};

/** What reports a run to the programs of its `reportTo` (transformers' `get_reporting_integration_callbacks`). */
export function reportingTrackers(run: TrackedRun): TrainerCallback[] {
  return trackerNames(run.args.reportTo).map((name) => new MADE[name](run));
}
