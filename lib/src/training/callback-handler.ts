import type { CallbackContext, TrainerCallback, TrainerControl } from "./callbacks";
import type { LogEntry } from "./trainer-state";

/** Events that come with nothing but the context. */
export type PlainEvent =
  "onTrainBegin" | "onEpochBegin" | "onStepBegin" | "onStepEnd" | "onEpochEnd" | "onTrainEnd";

/** A control that asks for nothing. */
export function newControl(): TrainerControl {
  return {
    shouldTrainingStop: false,
    shouldEpochStop: false,
    shouldLog: false,
    shouldEvaluate: false,
    shouldSave: false,
  };
}

/** Tells the callbacks, one after the other, and takes back what was asked for once it is done (transformers' CallbackHandler). */
export class CallbackHandler {
  constructor(
    readonly callbacks: readonly TrainerCallback[],
    readonly context: CallbackContext,
  ) {}

  /** Tells that the Trainer is made. */
  initEnd(): void {
    for (const callback of this.callbacks) callback.onInitEnd?.(this.context);
  }

  /** Tells of an event; a new epoch or step begins with nothing asked for. */
  async notify(event: PlainEvent): Promise<void> {
    const { control } = this.context;
    if (event === "onEpochBegin") control.shouldEpochStop = false;
    if (event === "onStepBegin")
      Object.assign(control, { shouldLog: false, shouldEvaluate: false, shouldSave: false });
    for (const callback of this.callbacks) await callback[event]?.(this.context);
  }

  /** Puts metrics into the log, with epoch and step, and tells of the entry. */
  async log(metrics: Record<string, number>): Promise<LogEntry> {
    const { state, control } = this.context;
    const entry: LogEntry = { ...metrics, epoch: state.epoch, step: state.globalStep };
    state.logHistory.push(entry);
    control.shouldLog = false;
    for (const callback of this.callbacks) await callback.onLog?.(entry, this.context);
    return entry;
  }

  /** Tells of an evaluation. */
  async evaluated(metrics: LogEntry): Promise<void> {
    this.context.control.shouldEvaluate = false;
    for (const callback of this.callbacks) await callback.onEvaluate?.(metrics, this.context);
  }

  /** Tells of a prediction. */
  async predicted(metrics: Record<string, number>): Promise<void> {
    for (const callback of this.callbacks) await callback.onPredict?.(metrics, this.context);
  }

  /** Tells of a checkpoint. */
  async saved(folder: string): Promise<void> {
    this.context.control.shouldSave = false;
    for (const callback of this.callbacks) await callback.onSave?.(folder, this.context);
  }

  /** Tells that the run is over, however it ended. */
  async close(): Promise<void> {
    await Promise.all(this.callbacks.map((callback) => Promise.resolve(callback.close?.())));
  }
}
