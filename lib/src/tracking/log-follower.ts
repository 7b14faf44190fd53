import { shownError } from "../runtime/shown-error";
import type { CallbackContext, TrainerCallback } from "../training/callbacks";
import type { CallbackState, LogEntry, TrainerState } from "../training/trainer-state";

/** Carriage return, and ESC [ K: the line begins anew, and is empty. */
const CLEARED_LINE = "\r\u001b[K";

/** What a tracker is given when it begins. */
export interface Beginning {
  /** What it called its run when the checkpoint was written that the run goes on from; `undefined` for a run that is new to it. */
  identity: string | undefined;
  state: TrainerState;
}

/** What a tracker says when it begins. */
export interface Begun {
  /** What the run is called, for a checkpoint to remember. */
  identity: string;
  /** Number of log entries that it has from before. */
  known: number;
}

/**
 * Hands a run's log on, entry by entry, to where somebody watches: what it writes is `logHistory`, also where a run goes on.
 *
 * Whatever fails is said in one line, once; the run never learns of it. What is evaluated after the run's end is not reported.
 */
export abstract class LogFollower implements TrainerCallback {
  #phase: "waiting" | "open" | "begun" | "over" = "waiting";
  #identity: string | undefined;
  #handedOn = 0;
  /** Of a run that came to its end. */
  #final: TrainerState | undefined;

  /** What the reader knows it as, such as `TensorBoard`. */
  protected abstract readonly title: string;

  /** Begins, or goes on with, a run. */
  protected abstract begin(beginning: Beginning): Begun;

  /** Takes the next entry, and its number in the log. */
  protected abstract add(entry: LogEntry, index: number): void;

  /** The run came to its end: sums it up, and says where it is to be seen. */
  protected abstract end(state: TrainerState): void | Promise<void>;

  /** The run threw, or the reader stopped it. */
  protected abstract abandon(): void | Promise<void>;

  /** Lets go of whatever is open, since nothing more is written. */
  protected abstract release(): void;

  /** Called by the Trainer. */
  onTrainBegin(): void {
    if (this.#phase === "waiting") this.#phase = "open";
  }

  /** Called by the Trainer. */
  async onStepBegin(context: CallbackContext): Promise<void> {
    await this.#guard(() => {
      this.#follow(context);
    });
  }

  /** Called by the Trainer. */
  async onLog(_entry: LogEntry, context: CallbackContext): Promise<void> {
    await this.onStepBegin(context);
  }

  /** Called by the Trainer. */
  async onTrainEnd(context: CallbackContext): Promise<void> {
    await this.#guard(() => {
      this.#follow(context);
      this.#final = context.state;
    });
  }

  /** Called by the Trainer, also after `onTrainEnd`, of all that follow a run at once: they are waited for together. */
  async close(): Promise<void> {
    await this.#guard(async () => {
      if (this.#phase !== "begun") return;
      await (this.#final ? this.end(this.#final) : this.abandon());
    });
    this.#phase = "over";
  }

  /** The run's name, for a checkpoint. */
  state(): CallbackState {
    return { args: {}, attributes: this.#identity === undefined ? {} : { run: this.#identity } };
  }

  /** Called by the Trainer of a run that goes on. */
  loadState({ attributes }: CallbackState): void {
    const { run } = attributes;
    if (typeof run === "string") this.#identity = run;
  }

  /** Says in one line why nothing more is reported. */
  protected giveUp(line: string): void {
    if (this.#phase === "over") return;
    this.#phase = "over";
    // in a terminal a line of progress may stand there, which draws itself again below
    console.warn(process.stderr.isTTY ? `${CLEARED_LINE}${line}` : line);
    try {
      this.release();
    } catch {
      // what cannot be closed is given up too
    }
  }

  #follow({ state }: CallbackContext): void {
    if (this.#phase === "open") {
      this.#phase = "begun";
      const begun = this.begin({ identity: this.#identity, state });
      this.#identity = begun.identity;
      this.#handedOn = begun.known;
    }
    for (; this.#phase === "begun" && this.#handedOn < state.logHistory.length; this.#handedOn++) {
      const entry = state.logHistory[this.#handedOn];
      if (entry) this.add(entry, this.#handedOn);
    }
  }

  async #guard(work: () => void | Promise<void>): Promise<void> {
    if (this.#phase === "over") return;
    try {
      await work();
    } catch (error) {
      this.giveUp(`${this.title} stopped recording (${shownError(error)}); training goes on without it.`);
    }
  }
}
