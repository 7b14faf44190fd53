import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { IoPublisher, StreamName } from "./publisher";

/**
 * Sends what cells and libraries write to stdout and stderr (`console` included) to the notebook.
 * The real streams are not even opened: Node would switch what Jupyter shares with us to non-blocking, and
 * would take a terminal in which Jupyter was started for the reader's, and colour the text.
 */
export function captureProcessOutput(publisher: IoPublisher): void {
  for (const name of ["stdout", "stderr"] as const) {
    const stream = new NotebookStream(name, publisher);
    Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true });
  }
}

/** What cells see as process.stdout or process.stderr. */
class NotebookStream extends Writable {
  /** Other programs' way to the same stream: what a child process writes there does not reach the notebook. */
  readonly fd: number;
  readonly isTTY = false;
  readonly #name: StreamName;
  readonly #publisher: IoPublisher;
  // a character may be divided between two chunks of bytes
  readonly #decoder = new StringDecoder("utf8");

  constructor(name: StreamName, publisher: IoPublisher) {
    super({ decodeStrings: false });
    this.fd = name === "stdout" ? 1 : 2;
    this.#name = name;
    this.#publisher = publisher;
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: () => void): void {
    const isText = typeof chunk === "string" && /^utf-?8$/i.test(encoding);
    // at once, so that text keeps its place among displays and errors
    this.#publisher.write(this.#name, isText ? chunk : this.#decoder.write(bytesOf(chunk, encoding)));
    done();
  }

  /** Like the real streams, these stay open: `end()` in some library must not silence the notebook. */
  override end(first?: unknown, second?: unknown, third?: unknown): this {
    const parts = [first, second, third];
    const [chunk, encoding = "utf8"] = parts.filter((part) => typeof part !== "function");
    if (chunk !== undefined && chunk !== null) this.write(chunk, encoding as BufferEncoding);
    const done = parts.find((part) => typeof part === "function") as (() => void) | undefined;
    if (done) process.nextTick(done);
    return this;
  }

  override destroy(): this {
    return this;
  }
}

function bytesOf(chunk: string | Buffer, encoding: BufferEncoding): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
}
