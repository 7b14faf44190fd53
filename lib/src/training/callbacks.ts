import type { LogEntry, TrainerState } from "./trainer-state";

/** What a callback may look at and ask for. */
export interface CallbackContext {
  state: TrainerState;
  /** Ends training after this step when set. */
  control: { shouldTrainingStop: boolean };
}

/** Something that follows a run (transformers' TrainerCallback); every method may be asynchronous. */
export interface TrainerCallback {
  onTrainBegin?(context: CallbackContext): void | Promise<void>;
  onStepEnd?(context: CallbackContext): void | Promise<void>;
  onLog?(entry: LogEntry, context: CallbackContext): void | Promise<void>;
  onEvaluate?(metrics: LogEntry, context: CallbackContext): void | Promise<void>;
  onSave?(folder: string, context: CallbackContext): void | Promise<void>;
  onTrainEnd?(context: CallbackContext): void | Promise<void>;
}
