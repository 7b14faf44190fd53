import type { TrainingArguments } from "./training-arguments";

/** How many steps, which are updates, a run has. */
export interface StepPlan {
  stepsPerEpoch: number;
  totalSteps: number;
  warmupSteps: number;
}

/**
 * Counts a run's steps; the last batch of an epoch may be smaller, and its last update may have fewer batches
 * (transformers/trainer.py, `set_initial_training_values`).
 */
export function planSteps(args: TrainingArguments, examples: number): StepPlan {
  const batchesPerEpoch = Math.ceil(examples / args.perDeviceTrainBatchSize);
  const stepsPerEpoch = Math.ceil(batchesPerEpoch / args.gradientAccumulationSteps);
  const totalSteps = args.maxSteps > 0 ? args.maxSteps : Math.ceil(args.numTrainEpochs * stepsPerEpoch);
  const warmupSteps =
    args.warmupSteps < 1 ? Math.ceil(totalSteps * args.warmupSteps) : Math.floor(args.warmupSteps);
  return { stepsPerEpoch, totalSteps, warmupSteps };
}

/**
 * Learning rate of step `step` (from 0): linear up over the warm-up, then linear down to 0
 * (transformers/optimization.py, `_get_linear_schedule_with_warmup_lr_lambda`).
 */
export function linearLearningRate(params: { peak: number; step: number; plan: StepPlan }): number {
  const { peak, step, plan } = params;
  const { totalSteps, warmupSteps } = plan;
  if (step < warmupSteps) return (peak * step) / Math.max(1, warmupSteps);
  return peak * Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
}
