import type { InterruptMemory } from "./interrupt-memory";
import { Interrupted } from "./interrupted";

/** How long code that looks at the flag is given to end by itself, in milliseconds. */
const PATIENCE = 1500;

/**
 * What libraries find at `globalThis[Symbol.for("jupyter.interrupt")]`: a long loop should look at it.
 * Every cell has a flag of its own, so work that outlives its cell should keep the one it began with.
 */
export class InterruptFlag {
  /** Whether anybody has looked. */
  isWatched = false;
  readonly #memory: InterruptMemory;
  /** What was found at the end of the cell; until then the memory counts. */
  #final: boolean | undefined;

  constructor(memory: InterruptMemory) {
    this.#memory = memory;
  }

  /** Whether the reader has asked to stop the cell; it can be seen in a synchronous loop too. */
  get requested(): boolean {
    this.isWatched = true;
    return this.#final ?? Atomics.load(this.#memory.requested, 0) !== 0;
  }

  /** Keeps what the flag says for ever: the next cell has one of its own. */
  finish(): void {
    this.#final = Atomics.load(this.#memory.requested, 0) !== 0;
  }
}

/** The reader's wish to stop the cell that runs. */
export class Interruption {
  readonly #memory: InterruptMemory;
  readonly #stop: () => void;
  #flag: InterruptFlag;
  #timer: NodeJS.Timeout | undefined;
  #reject: ((interrupted: Interrupted) => void) | undefined;

  /**
   * @param memory - where the control thread leaves the reader's wishes
   * @param stop - gives up waiting for the cell that runs
   */
  constructor(memory: InterruptMemory, stop: () => void) {
    this.#memory = memory;
    this.#stop = () => {
      stop();
      this.#reject?.(new Interrupted());
    };
    this.#flag = new InterruptFlag(memory);
  }

  /** Lets libraries see the flag, and listens to SIGINT, as older clients send it. */
  install(): void {
    const get = (): InterruptFlag => this.#flag;
    Object.defineProperty(globalThis, Symbol.for("jupyter.interrupt"), { get, configurable: true });
    process.on("SIGINT", () => {
      this.request();
    });
  }

  /** Stops the cell that runs: at once, or after some patience with code that looks at the flag and so ends itself better. */
  request(): void {
    Atomics.store(this.#memory.requested, 0, 1);
    Atomics.add(this.#memory.answered, 0, 1);
    if (this.#flag.isWatched) this.#timer ??= setTimeout(this.#stop, PATIENCE);
    else this.#stop();
  }

  /** Waits for what a library does for the cell that runs, but no longer than the reader lets it. */
  async orStopped<T>(work: Promise<T>): Promise<T> {
    const stopped = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      this.#reject = undefined;
    }
  }

  /** Gives the cell that begins a flag of its own: wishes that were meant for earlier cells do not stop it. */
  begin(): void {
    this.#flag = new InterruptFlag(this.#memory);
    Atomics.store(this.#memory.requested, 0, 0);
  }

  /**
   * The cell is over: there is nothing left to stop. The memory keeps the wish until the next cell begins: an interrupted
   * cell may have left a loop that wakes up later.
   */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flag.finish();
  }
}
