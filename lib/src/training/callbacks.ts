import type { CallbackState, LogEntry, TrainerState } from "./trainer-state";
import type { TrainingArguments } from "./training-arguments";

/** What a callback may look at and ask for. */
export interface CallbackContext {
  readonly args: TrainingArguments;
  readonly state: TrainerState;
  /** Ends training after this step when set. */
  readonly control: { shouldTrainingStop: boolean };
  /** Speed of the last steps alone: evaluation, saving and callbacks are not counted. Not a number before the first step. */
  readonly throughput: { readonly textsPerSecond: number };
}

/** Something that follows a run (transformers' TrainerCallback); every method may be asynchronous. */
export interface TrainerCallback {
  onTrainBegin?(context: CallbackContext): void | Promise<void>;
  onStepEnd?(context: CallbackContext): void | Promise<void>;
  onLog?(entry: LogEntry, context: CallbackContext): void | Promise<void>;
  onEvaluate?(metrics: LogEntry, context: CallbackContext): void | Promise<void>;
  onSave?(folder: string, context: CallbackContext): void | Promise<void>;
  onTrainEnd?(context: CallbackContext): void | Promise<void>;
  /** What it must remember to go on in another process, saved with every checkpoint (transformers' ExportableState). */
  state?(): CallbackState;
  /** Called after `onTrainBegin` of a run that goes on, with what `state` gave when the checkpoint was written. */
  loadState?(state: CallbackState, context: CallbackContext): void;
}
