import { ArgumentError } from "../runtime/errors";
import type { CallbackContext, TrainerCallback } from "./callbacks";
import type { CallbackState, LogEntry } from "./trainer-state";
import { bestMetricOf, isBetter } from "./best-metric";

/** When training has gone on for nothing long enough. */
export interface EarlyStoppingOptions {
  /** So many evaluations without improvement in a row end training. */
  earlyStoppingPatience: number;
  /** An improvement is larger than this; 0 where nothing is said. */
  earlyStoppingThreshold?: number;
}

/**
 * Ends training when the metric that chooses the best checkpoint does not improve any more (transformers' callback of the
 * same name, trainer_callback.py).
 *
 * What is due at that step still happens: an evaluation that ends training is followed by the checkpoint of its step.
 */
export class EarlyStoppingCallback implements TrainerCallback {
  readonly #patience: number;
  readonly #threshold: number;
  /** Evaluations since the last improvement. */
  #counter = 0;
  #isFirst = true;

  /** @throws ArgumentError for a patience or a threshold that is none */
  constructor({ earlyStoppingPatience, earlyStoppingThreshold = 0 }: EarlyStoppingOptions) {
    if (!Number.isInteger(earlyStoppingPatience) || earlyStoppingPatience < 1)
      throw new ArgumentError(
        `earlyStoppingPatience is ${earlyStoppingPatience}; expected a whole number above 0.`,
      );
    if (!(earlyStoppingThreshold >= 0))
      throw new ArgumentError(
        `earlyStoppingThreshold is ${earlyStoppingThreshold}; expected a number of at least 0.`,
      );
    this.#patience = earlyStoppingPatience;
    this.#threshold = earlyStoppingThreshold;
  }

  /**
   * Called by the Trainer before the first step.
   *
   * @throws ArgumentError where there is nothing to stop by: transformers refuses a run that never evaluates, and warns of one
   *   that ends with the weights of its last step, which here is refused too
   */
  onTrainBegin({ args }: CallbackContext): void {
    if (args.evalStrategy === "no")
      throw new ArgumentError(
        'EarlyStoppingCallback needs evaluations; found evalStrategy "no": set "steps" or "epoch".',
      );
    if (!args.loadBestModelAtEnd)
      throw new ArgumentError(
        "EarlyStoppingCallback needs loadBestModelAtEnd: without it the weights of the last, worse steps would stay.",
      );
    this.#counter = 0;
    this.#isFirst = true;
  }

  /** Called by the Trainer after its evaluation, before the best metric is replaced. */
  onEvaluate(metrics: LogEntry, { args, state, control }: CallbackContext): void {
    const value = metrics[bestMetricOf(args) ?? ""];
    // a metric that is missing is the Trainer's to refuse
    if (value === undefined) return;
    const { bestMetric } = state;
    const improved =
      this.#isFirst ||
      (isBetter(args, value, bestMetric) &&
        (bestMetric === null || Math.abs(value - bestMetric) > this.#threshold));
    this.#isFirst = false;
    this.#counter = improved ? 0 : this.#counter + 1;
    if (this.#counter >= this.#patience) control.shouldTrainingStop = true;
  }

  /** As transformers' callback keeps itself in trainer_state.json. */
  state(): CallbackState {
    return {
      args: { early_stopping_patience: this.#patience, early_stopping_threshold: this.#threshold },
      attributes: { early_stopping_patience_counter: this.#counter, is_first: this.#isFirst },
    };
  }

  /** Counts on; a run that was to end does, also where it was killed before it could. */
  loadState({ attributes }: CallbackState, { control }: CallbackContext): void {
    this.#counter = Number(attributes["early_stopping_patience_counter"]);
    this.#isFirst = attributes["is_first"] === true;
    if (this.#counter >= this.#patience) control.shouldTrainingStop = true;
  }
}
