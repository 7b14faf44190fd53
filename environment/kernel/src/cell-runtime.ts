import vm from "node:vm";
import { AsyncSteps } from "./async-steps";
import { Interrupted } from "./interrupted";

/** A cell that awaits: it yields the promises that it waits for. */
type AwaitingCell = Generator<Promise<unknown>, void, unknown>;
type CellStep = IteratorResult<Promise<unknown>, void>;

/** Runs a piece of work so that SIGINT ends it, however deep in a loop it is. */
const BREAKABLE = new vm.Script("globalThis.__tslab__.enter()");

/** How long the loops of `finally` and `catch` blocks may take once a cell was interrupted, in milliseconds. */
const CLEANING = 1000;

/** The variables of the notebook; stack traces call the functions among them as its members. */
class Variables {
  [name: string]: unknown;
}

/** What the code of cells finds in `globalThis.__tslab__`: the variables of the notebook, and how to run on, or to stop. */
export class CellRuntime {
  /** The variables that cells have handed on to later ones. */
  readonly variables: Record<string, unknown> = new Variables();
  readonly #published = new Set<string>();
  readonly #interrupted: Int32Array;
  #cell = 0;
  #cleaningUntil = 0;
  #work: () => void = () => undefined;
  #stop: (() => void) | undefined;

  /**
   * @param interrupted - its first number is not 0 once the reader has interrupted the cell that runs
   */
  constructor(interrupted: Int32Array) {
    this.#interrupted = interrupted;
  }

  /** Takes the place of what tslab's executor has put there; a process has one, for good. */
  install(): void {
    const interrupted = this.#interrupted;
    const { require } = (globalThis as unknown as { __tslab__: { require: unknown } }).__tslab__;
    const value = Object.freeze({
      exports: this.variables,
      require,
      guard: () => {
        if (interrupted[0] !== 0) this.#stopLoop();
      },
      publish: (cell: number, values: object) => {
        this.#publish(cell, values);
      },
      drive: (start: () => AwaitingCell) => this.#drive(start()),
      steps: (iterable: AsyncIterable<unknown> | Iterable<unknown>) => new AsyncSteps(iterable),
      enter: () => {
        this.#work();
      },
    });
    // a frozen constant: V8 compiles the guard of a loop into a look at one number
    Object.defineProperty(globalThis, "__tslab__", { value, writable: false, configurable: false });
  }

  /** Throws into the loop that runs, but leaves those alone with which the cell then cleans up. */
  #stopLoop(): void {
    const now = performance.now();
    if (now < this.#cleaningUntil) return;
    this.#cleaningUntil = now + CLEANING;
    throw new Interrupted();
  }

  /** Says that a cell begins; from now on the variables of earlier cells that are still at it are not taken. */
  begin(cell: number): void {
    this.#cell = cell;
    this.#cleaningUntil = 0;
    this.#published.clear();
  }

  /** Says that the cell has ended; returns the names of the variables that it has handed on. */
  end(): Set<string> {
    this.#cell = 0;
    this.#stop = undefined;
    return new Set(this.#published);
  }

  /** Makes the `await` at which the cell stands throw, so that its `finally` blocks run. */
  interrupt(): void {
    if (!this.#stop) return;
    this.#cleaningUntil = performance.now() + CLEANING;
    this.#stop();
  }

  #publish(cell: number, values: object): void {
    if (cell !== this.#cell) return;
    // descriptors, since a mere assignment would call the setter of an earlier cell's variable
    Object.defineProperties(this.variables, Object.getOwnPropertyDescriptors(values));
    for (const name of Object.keys(values)) this.#published.add(name);
  }

  /** Runs a cell from one promise to the next. Its beginning runs within the caller, which can be broken as well. */
  #drive(cell: AwaitingCell): Promise<void> {
    const number = this.#cell;
    let stopped = false;
    return new Promise((resolve, reject) => {
      const fail: (thrown: unknown) => void = reject; // a cell may throw anything
      let waiting: unknown;
      const proceed = (result: CellStep): void => {
        if (result.done === true) {
          resolve();
          return;
        }
        const promise = (waiting = result.value);
        const goOn = (run: () => CellStep): void => {
          // the cell may have been thrown out of this wait
          if (waiting !== promise) return;
          waiting = undefined;
          try {
            proceed(this.#breakable(run));
          } catch (error) {
            fail(error);
          }
        };
        // only once: after that the cell cleans up, and may wait for it
        const stop = (): CellStep => {
          stopped = true;
          return cell.throw(new Interrupted());
        };
        promise.then(
          (value) => {
            goOn(() => cell.next(value));
          },
          (error: unknown) => {
            goOn(() => cell.throw(error));
          },
        );
        if (number !== this.#cell) return; // an interrupted cell that is still at it
        this.#stop = () => {
          if (!stopped) goOn(stop);
        };
      };
      proceed(cell.next());
    });
  }

  /**
   * SIGINT ends what runs here by an error with the code ERR_SCRIPT_EXECUTION_INTERRUPTED. It ends nothing else: the
   * microtasks that wait are not lost, as they would be if they ran in here too.
   */
  #breakable<T>(work: () => T): T {
    let result: { value: T } | undefined;
    this.#work = () => {
      result = { value: work() };
    };
    try {
      BREAKABLE.runInThisContext({ breakOnSigint: true });
    } finally {
      this.#work = () => undefined; // it may hold much memory
    }
    if (!result) throw new Error("the cell did not run on");
    return result.value;
  }
}
