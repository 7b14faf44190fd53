/** What libraries find at `globalThis[Symbol.for("jupyter.interrupt")]`: a long loop should look at it. */
export interface InterruptFlag {
  /** Whether the reader has asked to stop the cell that runs. */
  requested: boolean;
}

/** The reader's wish to stop the cell that runs. */
export class Interruption {
  readonly #flag: InterruptFlag = { requested: false };
  readonly #stop: () => void;

  /**
   * @param stop - gives up waiting for the cell that runs
   */
  constructor(stop: () => void) {
    this.#stop = stop;
  }

  /** Listens to the signal that Jupyter sends, and lets libraries see the flag. */
  install(): void {
    Object.defineProperty(globalThis, Symbol.for("jupyter.interrupt"), {
      value: this.#flag,
      configurable: true,
    });
    process.on("SIGINT", () => {
      this.request();
    });
  }

  /** Stops the cell that runs, as soon as it lets the event loop turn. */
  request(): void {
    this.#flag.requested = true;
    this.#stop();
  }

  /** Forgets wishes that were meant for earlier cells. */
  clear(): void {
    this.#flag.requested = false;
  }
}
