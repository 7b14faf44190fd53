import type { TrainerCallback } from "./callbacks";
import { DefaultFlowCallback } from "./default-flow";
import type { StepPlan } from "./schedule";
import { runTrackers, type TrackedRun } from "./tracking";

/** Everything that is told of a run: the arguments' own flow first, then the caller's callbacks, then what reports the run. */
export function runCallbacks(
  run: TrackedRun & { callbacks?: readonly TrainerCallback[] },
  plan: StepPlan,
): TrainerCallback[] {
  return [new DefaultFlowCallback(plan), ...(run.callbacks ?? []), ...runTrackers(run)];
}
