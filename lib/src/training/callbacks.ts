import type { CallbackState, LogEntry, TrainerState } from "./trainer-state";
import type { TrainingArguments } from "./training-arguments";

/**
 * What happens next (transformers' TrainerControl): the Trainer sets what its arguments ask for before it calls the callbacks,
 * which may change it.
 */
export interface TrainerControl {
  /** Ends training after this step. */
  shouldTrainingStop: boolean;
  /** Ends this epoch after this step, and goes on with the next. */
  shouldEpochStop: boolean;
  /** Each of these holds for one step, or one epoch's end. */
  shouldLog: boolean;
  shouldEvaluate: boolean;
  shouldSave: boolean;
}

/** What a callback may look at and ask for. */
export interface CallbackContext {
  readonly args: TrainingArguments;
  readonly state: TrainerState;
  readonly control: TrainerControl;
  /** Speed of the last steps alone: evaluation, saving and callbacks are not counted. Not a number before the first step. */
  readonly throughput: { readonly textsPerSecond: number };
}

/**
 * Something that follows a run (transformers' TrainerCallback); every method but `onInitEnd` may be asynchronous.
 *
 * A step is one call of TensorFlow, forward, backward and update together, so that there are no events inside it:
 * `on_substep_end`, `on_pre_optimizer_step` and `on_optimizer_step` are transformers' alone, and `on_prediction_step` is too.
 */
export interface TrainerCallback {
  /** The Trainer is made. */
  onInitEnd?(context: CallbackContext): void;
  onTrainBegin?(context: CallbackContext): void | Promise<void>;
  onEpochBegin?(context: CallbackContext): void | Promise<void>;
  onStepBegin?(context: CallbackContext): void | Promise<void>;
  onStepEnd?(context: CallbackContext): void | Promise<void>;
  onLog?(entry: LogEntry, context: CallbackContext): void | Promise<void>;
  onEvaluate?(metrics: LogEntry, context: CallbackContext): void | Promise<void>;
  onPredict?(metrics: Record<string, number>, context: CallbackContext): void | Promise<void>;
  onSave?(folder: string, context: CallbackContext): void | Promise<void>;
  onEpochEnd?(context: CallbackContext): void | Promise<void>;
  onTrainEnd?(context: CallbackContext): void | Promise<void>;
  /** The run is over, also one that threw: `onTrainEnd` then did not come. Must not throw. */
  close?(): void | Promise<void>;
  /** What it must remember to go on in another process, saved with every checkpoint (transformers' ExportableState). */
  state?(): CallbackState;
  /** Called after `onTrainBegin` of a run that goes on, with what `state` gave when the checkpoint was written. */
  loadState?(state: CallbackState, context: CallbackContext): void;
}
