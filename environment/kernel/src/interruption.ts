/**
 * What libraries find at `globalThis[Symbol.for("jupyter.interrupt")]`: a long loop should look at it.
 * Every cell has a flag of its own, so work that outlives its cell should keep the one it began with.
 */
export interface InterruptFlag {
  /** Whether the reader has asked to stop the cell that runs. */
  requested: boolean;
}

/** The reader's wish to stop the cell that runs. */
export class Interruption {
  #flag: InterruptFlag = { requested: false };
  readonly #stop: () => void;

  /**
   * @param stop - gives up waiting for the cell that runs
   */
  constructor(stop: () => void) {
    this.#stop = stop;
  }

  /** Listens to the signal that Jupyter sends, and lets libraries see the flag. */
  install(): void {
    const get = (): InterruptFlag => this.#flag;
    Object.defineProperty(globalThis, Symbol.for("jupyter.interrupt"), { get, configurable: true });
    process.on("SIGINT", () => {
      this.request();
    });
  }

  /** Stops the cell that runs, as soon as it lets the event loop turn. */
  request(): void {
    this.#flag.requested = true;
    this.#stop();
  }

  /** Gives the next cell a flag of its own: wishes that were meant for earlier cells do not stop it. */
  clear(): void {
    this.#flag = { requested: false };
  }
}
