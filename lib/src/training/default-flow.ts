import type { CallbackContext, TrainerCallback } from "./callbacks";
import type { StepPlan } from "./schedule";

/**
 * Asks for what the arguments say, before any other callback is asked (transformers' DefaultFlowCallback,
 * trainer_callback.py).
 *
 * One thing is otherwise: the last step is logged where steps are logged at all, so that a curve goes to the run's end.
 */
export class DefaultFlowCallback implements TrainerCallback {
  constructor(private readonly plan: StepPlan) {}

  /** Called by the Trainer after each step. */
  onStepEnd({ args, state, control }: CallbackContext): void {
    const { totalSteps, loggingSteps, evalSteps, saveSteps } = this.plan;
    const { globalStep } = state;
    const isLast = globalStep >= totalSteps;
    const isDue = (strategy: string, every: number): boolean =>
      strategy === "steps" && (globalStep % every === 0 || isLast);
    if (globalStep === 1 && args.loggingFirstStep) control.shouldLog = true;
    if (isDue(args.loggingStrategy, loggingSteps)) control.shouldLog = true;
    if (isDue(args.evalStrategy, evalSteps) && args.evalDelay <= globalStep) control.shouldEvaluate = true;
    if (isDue(args.saveStrategy, saveSteps)) control.shouldSave = true;
    if (isLast) control.shouldTrainingStop = true;
  }

  /** Called by the Trainer after each epoch, also one that ends early. */
  onEpochEnd({ args, state, control }: CallbackContext): void {
    if (args.loggingStrategy === "epoch") control.shouldLog = true;
    if (args.evalStrategy === "epoch" && args.evalDelay <= state.epoch) control.shouldEvaluate = true;
    if (args.saveStrategy === "epoch") control.shouldSave = true;
  }
}
