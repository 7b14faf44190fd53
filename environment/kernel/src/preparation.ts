import { log } from "./log";

/**
 * How long no request must have come before work is done ahead of its time, in milliseconds: a client that greets the kernel twice, since it
 * had not yet subscribed to the first answer, waits 200.
 */
const QUIET = 300;

/** Does long work ahead of its time, step by step, while the kernel has nothing else to do. */
export class Preparation {
  readonly #steps: (() => void)[];
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param steps - each may take some seconds, in which the kernel answers nothing
   */
  constructor(steps: readonly (() => void)[]) {
    this.#steps = [...steps];
  }

  /** Says that the kernel has something to do. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Says that the kernel has nothing to do: after a while the next step is taken. */
  resume(): void {
    this.pause();
    if (this.#steps.length > 0) this.#timer = setTimeout(this.#step, QUIET);
  }

  readonly #step = (): void => {
    try {
      this.#steps.shift()?.();
    } catch (error) {
      // a cell that needs it fails with the same
      log("the kernel could not prepare for cells:", error);
    }
    this.resume();
  };
}
