import type { Metrics } from "./evaluate";
import { prefixed } from "./evaluation-loop";
import { speedMetrics } from "./speed-metrics";
import type { TrainerState } from "./trainer-state";

/** What a run came to. */
export interface TrainOutput {
  globalStep: number;
  /** Mean loss over all steps that this call took, as the figures below; not a number where none was left to take. */
  trainingLoss: number;
  /** Seconds from the first step to the last, with all that happened between them. */
  trainRuntime: number;
  /** Texts trained on by second of `trainRuntime`. */
  trainSamplesPerSecond: number;
  /** Steps, which are updates, by second of `trainRuntime`. */
  trainStepsPerSecond: number;
  /** What the log's last entry says, with transformers' keys: `train_loss`, `train_runtime` and the like. */
  metrics: Metrics;
  /** Folder of the newest checkpoint, which need not be the best; `null` where nothing was saved. */
  lastCheckpoint: string | null;
  state: TrainerState;
}

/** Steps that a run took in this process, the sum of their losses, and how many texts they saw. */
export interface RunSums {
  steps: number;
  losses: number;
  texts: number;
}

/** Sums up what a run of so many seconds took; a loss that there is none of is left out of the metrics. */
export function summary(
  { steps, losses, texts }: RunSums,
  trainRuntime: number,
): Omit<TrainOutput, "globalStep" | "lastCheckpoint" | "state"> {
  const trainingLoss = losses / steps;
  const speed = speedMetrics({ seconds: trainRuntime, samples: texts, steps });
  return {
    trainingLoss,
    trainRuntime,
    trainSamplesPerSecond: texts / trainRuntime,
    trainStepsPerSecond: steps / trainRuntime,
    metrics: prefixed("train", { ...speed, ...(steps > 0 ? { loss: trainingLoss } : {}) }),
  };
}
