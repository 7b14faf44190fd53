import type { InterruptMemory } from "./interrupt-memory";

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
  #cellRuns = false;

  /**
   * @param memory - where the control thread leaves the reader's wishes
   * @param stop - gives up waiting for the cell that runs
   */
  constructor(memory: InterruptMemory, stop: () => void) {
    this.#memory = memory;
    this.#stop = stop;
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
    Atomics.add(this.#memory.answered, 0, 1);
    // between cells the wish can only mean a callback that an earlier one left: it has ended, or we were not here
    Atomics.store(this.#memory.requested, 0, this.#cellRuns ? 1 : 0);
    if (!this.#cellRuns) return;
    if (this.#flag.isWatched) this.#timer ??= setTimeout(this.#stop, PATIENCE);
    else this.#stop();
  }

  /** Gives the cell that begins a flag of its own: wishes that were meant for earlier cells do not stop it. */
  begin(): void {
    this.#flag = new InterruptFlag(this.#memory);
    this.#cellRuns = true;
    Atomics.store(this.#memory.requested, 0, 0);
  }

  /** The cell is over: there is nothing left to stop. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flag.finish();
    this.#cellRuns = false;
    Atomics.store(this.#memory.requested, 0, 0);
  }
}
