/** How an error came that no code was waiting for. */
type Origin = Promise<unknown> | symbol;

/**
 * Errors that nobody waits for: promises rejected and never awaited, throws from timers and events.
 * While a cell runs they are kept for it, since a cell that caused them has not succeeded; at other times
 * they are handed on at once. Either way the process lives on.
 */
export class StrayErrors {
  readonly #found = new Map<Origin, unknown>();
  readonly #show: (error: unknown) => void;
  #cellRuns = false;

  /**
   * @param show - shows the reader an error that came while no cell was running
   */
  constructor(show: (error: unknown) => void) {
    this.#show = show;
  }

  /** Listens to the errors of the whole process. */
  install(): void {
    process.on("uncaughtException", (error: unknown) => {
      this.#add(Symbol("thrown"), error);
    });
    process.on("unhandledRejection", (reason: unknown, promise: Promise<unknown>) => {
      this.#add(promise, reason);
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

  /** Says that the cell has ended; returns the errors that came meanwhile. */
  end(): unknown[] {
    this.#cellRuns = false;
    const found = [...this.#found.values()];
    this.#found.clear();
    return found;
  }

  #add(origin: Origin, error: unknown): void {
    if (this.#cellRuns) this.#found.set(origin, error);
    else this.#show(error);
  }
}
