import { Interrupted } from "./interrupted";

/** How an error came that no code was waiting for. */
type Origin = Promise<unknown> | symbol;

/** How long a rejected promise may wait for somebody to handle it before it ends the cell, in milliseconds. */
const PATIENCE = 1000;

/** What is done about stray errors. */
export interface StrayErrorActions {
  /** Shows the reader an error that came while no cell was running. */
  readonly show: (error: unknown) => void;
  /** Ends the cell that runs: it may wait for what will never come now. */
  readonly endCell: () => void;
}

/**
 * Errors that nobody waits for: promises rejected and never awaited, throws from timers and events.
 * While a cell runs they are kept for it, since a cell that caused them has not succeeded, and end it, as they would end a
 * script; at other times they are shown at once. Either way the process lives on.
 */
export class StrayErrors {
  readonly #found = new Map<Origin, unknown>();
  readonly #actions: StrayErrorActions;
  #cellRuns = false;

  constructor(actions: StrayErrorActions) {
    this.#actions = actions;
  }

  /** Listens to the errors of the whole process. */
  install(): void {
    process.on("uncaughtException", (error: unknown) => {
      if (this.#add(Symbol("thrown"), error)) this.#actions.endCell();
    });
    process.on("unhandledRejection", (reason: unknown, promise: Promise<unknown>) => {
      if (!this.#add(promise, reason)) return;
      setTimeout(() => {
        if (this.#found.has(promise)) this.#actions.endCell();
      }, PATIENCE).unref();
    });
    process.on("rejectionHandled", (promise: Promise<unknown>) => {
      // the cell did await it, only later
      this.#found.delete(promise);
    });
  }

  /** Says that a cell starts to run. */
  begin(): void {
    this.#cellRuns = true;
  }

  /** Whether the cell that runs has caused an error. */
  get hasFound(): boolean {
    return this.#found.size > 0;
  }

  /** Says that the cell has ended; returns the errors that came meanwhile. */
  end(): unknown[] {
    this.#cellRuns = false;
    const found = [...this.#found.values()];
    this.#found.clear();
    return found;
  }

  /** Keeps an error for the cell that runs; returns whether there is one. */
  #add(origin: Origin, error: unknown): boolean {
    if (error instanceof Interrupted) return false; // the reader's own doing
    if (this.#cellRuns) this.#found.set(origin, error);
    else this.#actions.show(error);
    return this.#cellRuns;
  }
}
