import { log } from "./log";

/**
 * What libraries add to the set at `globalThis[Symbol.for("jupyter.cellWatchers")]` when they keep state that a cell may leave
 * behind half done: a synchronous cell that is broken off runs none of its `finally` blocks.
 */
export interface CellWatcher {
  /** A cell begins. */
  begins?(): void;
  /** The cell that began last was broken off. */
  breaksOff?(): void;
}

/** Those who want to know of cells. */
export class CellWatchers {
  readonly #watchers = new Set<CellWatcher>();

  /** Lets libraries add themselves. */
  install(): void {
    const property = { value: this.#watchers, configurable: true };
    Object.defineProperty(globalThis, Symbol.for("jupyter.cellWatchers"), property);
  }

  /** Tells all that a cell begins, or was broken off. */
  tell(event: keyof CellWatcher): void {
    for (const watcher of this.#watchers) {
      try {
        watcher[event]?.();
      } catch (error) {
        log(`a watcher of cells failed when one ${event === "begins" ? "began" : "was broken off"}:`, error);
      }
    }
  }
}

/** Whether a thrown error says that Node broke off synchronous code, without its `finally` blocks. */
export function isBrokenOff(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
