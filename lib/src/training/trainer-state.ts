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

/** The state as transformers' trainer_state.json has it; folders are named by their last part, never by this machine's path. */
export function trainerStateJson(state: TrainerState): string {
  const json = {
    best_global_step: state.bestGlobalStep,
    best_metric: state.bestMetric,
    best_model_checkpoint: state.bestModelCheckpoint?.split("/").at(-1) ?? null,
    epoch: state.epoch,
    global_step: state.globalStep,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: state.logHistory,
    max_steps: state.maxSteps,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
