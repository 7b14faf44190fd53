import { readFileSync } from "node:fs";
import path from "node:path";
import type { StepPlan } from "./schedule";
import type { TrainingArguments } from "./training-arguments";

/** One line of the log, with transformers' own keys: `loss`, `learning_rate`, `eval_accuracy` and the like. */
export interface LogEntry {
  step: number;
  /** Passes over the training set so far, with a fraction. */
  epoch: number;
  [metric: string]: number;
}

/** Where a run stands and what it has logged (transformers' TrainerState). */
export interface TrainerState {
  globalStep: number;
  maxSteps: number;
  epoch: number;
  /** Value of the metric that chose the best checkpoint. */
  bestMetric: number | null;
  /** Step of the best checkpoint. */
  bestGlobalStep: number | null;
  bestModelCheckpoint: string | null;
  logHistory: LogEntry[];
}

/** What a callback remembers, as transformers' ExportableState lays it out: plain JSON. */
export interface CallbackState {
  /** What it was made with. */
  args: Record<string, unknown>;
  /** What it has counted since. */
  attributes: Record<string, unknown>;
}

/** States of callbacks by the name of their class, a list where there are several of one. */
export type StatefulCallbacks = Record<string, CallbackState | CallbackState[]>;

/** The state of a run that has not begun. */
export function newState(maxSteps: number): TrainerState {
  return {
    globalStep: 0,
    maxSteps,
    epoch: 0,
    bestMetric: null,
    bestGlobalStep: null,
    bestModelCheckpoint: null,
    logHistory: [],
  };
}

/** What trainer_state.json holds. */
export interface StoredState {
  state: TrainerState;
  args: TrainingArguments;
  plan: StepPlan;
  statefulCallbacks: StatefulCallbacks;
}

/** The state as transformers' trainer_state.json has it; folders are named by their last part, never by this machine's path. */
export function trainerStateJson({ state, args, plan, statefulCallbacks }: StoredState): string {
  const json = {
    best_global_step: state.bestGlobalStep,
    best_metric: state.bestMetric,
    best_model_checkpoint: state.bestModelCheckpoint && path.basename(state.bestModelCheckpoint),
    epoch: state.epoch,
    eval_steps: plan.evalSteps,
    global_step: state.globalStep,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: state.logHistory,
    logging_steps: plan.loggingSteps,
    max_steps: state.maxSteps,
    num_train_epochs: Math.ceil(state.maxSteps / plan.stepsPerEpoch),
    save_steps: plan.saveSteps,
    stateful_callbacks: statefulCallbacks,
    train_batch_size: args.perDeviceTrainBatchSize,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** Reads the state that {@link trainerStateJson} wrote into a checkpoint, which must be whole. */
export function readTrainerState(folder: string): Pick<StoredState, "state" | "statefulCallbacks"> {
  const json = JSON.parse(readFileSync(path.join(folder, "trainer_state.json"), "utf8")) as StateJson;
  const best = json.best_model_checkpoint;
  return {
    state: {
      globalStep: json.global_step,
      maxSteps: json.max_steps,
      epoch: json.epoch,
      bestMetric: json.best_metric,
      bestGlobalStep: json.best_global_step,
      bestModelCheckpoint: best === null ? null : path.join(path.dirname(folder), best),
      logHistory: json.log_history.map(
        // JSON has no word for a value that is not a number
        (entry) =>
          Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, value ?? NaN])) as LogEntry,
      ),
    },
    statefulCallbacks: json.stateful_callbacks,
  };
}

interface StateJson {
  best_global_step: number | null;
  best_metric: number | null;
  best_model_checkpoint: string | null;
  epoch: number;
  global_step: number;
  log_history: Record<string, number | null>[];
  max_steps: number;
  stateful_callbacks: StatefulCallbacks;
}
