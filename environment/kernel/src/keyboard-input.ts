import { Readable } from "node:stream";

/** What a cell is told that wants to read from the keyboard. */
const REFUSAL =
  "this kernel offers no keyboard input (stdin): write the value into the cell, or read it from a file or from process.env";

/** Whoever listens to one of these wants to read. */
const READING_EVENTS = new Set<unknown>(["data", "readable", "keypress"]);

/** What cells see as process.stdin. */
class NoInput extends Readable {
  readonly fd = 0;
  readonly isTTY = false;

  constructor() {
    super();
    this.on("newListener", (event) => {
      if (READING_EVENTS.has(event)) throw new Error(REFUSAL);
    });
  }

  override resume(): this {
    throw new Error(REFUSAL);
  }

  override read(): never {
    throw new Error(REFUSAL);
  }

  override _read(): void {
    throw new Error(REFUSAL);
  }
}

/**
 * Lets whoever asks for keyboard input fail with words that say so. Jupyter gives a kernel an empty stdin, at whose end Node's
 * readline would wait for ever.
 */
export function refuseInput(): void {
  Object.defineProperty(process, "stdin", { value: new NoInput(), configurable: true, enumerable: true });
}
