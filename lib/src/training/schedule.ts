import { ArgumentError } from "../runtime/errors";
import type { TrainingArguments } from "./training-arguments";

/** How many steps, which are updates, a run has, and when something is due. */
export interface StepPlan {
  stepsPerEpoch: number;
  totalSteps: number;
  warmupSteps: number;
  /** Passes over the set, the last of which may be a part of one. */
  epochs: number;
  /** Steps from one log entry to the next, likewise from one evaluation and one checkpoint to the next. */
  loggingSteps: number;
  evalSteps: number;
  saveSteps: number;
}

/** What a schedule needs of a plan. */
export type SchedulePlan = Pick<StepPlan, "totalSteps" | "warmupSteps">;

/**
 * Counts a run's steps; the last batch of an epoch may be smaller, and its last update may have fewer batches
 * (transformers/trainer.py, `set_initial_training_values`; trainer_callback.py, `compute_steps`).
 *
 * @throws ArgumentError where `dataloaderDropLast` leaves no batch
 */
export function planSteps(args: TrainingArguments, examples: number): StepPlan {
  const batches = examples / args.perDeviceTrainBatchSize;
  const batchesPerEpoch = args.dataloaderDropLast ? Math.floor(batches) : Math.ceil(batches);
  if (batchesPerEpoch === 0)
    throw new ArgumentError(
      `dataloaderDropLast leaves nothing of ${examples} examples in batches of ${args.perDeviceTrainBatchSize}; expected a perDeviceTrainBatchSize of at most ${examples}.`,
    );
  const stepsPerEpoch = Math.ceil(batchesPerEpoch / args.gradientAccumulationSteps);
  const totalSteps = args.maxSteps > 0 ? args.maxSteps : Math.ceil(args.numTrainEpochs * stepsPerEpoch);
  const warmupSteps =
    args.warmupSteps < 1 ? Math.ceil(totalSteps * args.warmupSteps) : Math.floor(args.warmupSteps);
  const inSteps = (steps: number): number => (steps < 1 ? Math.ceil(totalSteps * steps) : steps);
  return {
    stepsPerEpoch,
    totalSteps,
    warmupSteps,
    epochs: Math.ceil(totalSteps / stepsPerEpoch),
    loggingSteps: inSteps(args.loggingSteps),
    evalSteps: inSteps(args.evalSteps ?? args.loggingSteps),
    saveSteps: inSteps(args.saveSteps),
  };
}

/** Share of the peak during the warm-up, linear from 0 at step 0; `undefined` after it. */
export function warmupFactor(step: number, { warmupSteps }: SchedulePlan): number | undefined {
  return step < warmupSteps ? step / Math.max(1, warmupSteps) : undefined;
}

/**
 * Share of the peak at step `step` (from 0): linear up over the warm-up, then linear down to 0
 * (transformers/optimization.py, `_get_linear_schedule_with_warmup_lr_lambda`).
 */
export function linearFactor(step: number, plan: SchedulePlan): number {
  const { totalSteps, warmupSteps } = plan;
  return warmupFactor(step, plan) ?? Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
}

/** Learning rate of step `step` (from 0) in the linear schedule. */
export function linearLearningRate(params: { peak: number; step: number; plan: SchedulePlan }): number {
  const { peak, step, plan } = params;
  return peak * linearFactor(step, plan);
}
