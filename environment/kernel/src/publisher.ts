import type { Connection } from "./connection";
import type { Content, MessageCodec, Request } from "./message";

/** The two streams of text that a cell writes. */
export type StreamName = "stdout" | "stderr";

/** A stream's text waits at most this long for more of it, in milliseconds. */
const STREAM_PAUSE = 25;
/** A synchronous cell, which lets no timer run, still shows what it wrote this often, in milliseconds. */
const STREAM_INTERVAL = 100;
/** Text of this many characters is sent at once: no message should grow without bound. */
const STREAM_LIMIT = 1 << 20;

/** Text of one stream that waits to be sent as one message. */
interface PendingText {
  readonly name: StreamName;
  readonly parent: Request | undefined;
  readonly chunks: string[];
  size: number;
}

/**
 * Publishes on the iopub channel what a cell produces, in the order in which it was produced.
 * Consecutive text of one stream is gathered into few messages: a client can be drowned in 20,000 small ones.
 */
export class IoPublisher {
  /** The request whose cell runs, or the last one that ran: what is published belongs to it. */
  parent: Request | undefined;
  /** Whether only the kernel's status is published: a client wanted its cell to run without a trace. */
  isSilent = false;
  readonly #connection: Connection;
  readonly #codec: MessageCodec;
  #pending: PendingText | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastFlush = 0;

  constructor(connection: Connection, codec: MessageCodec) {
    this.#connection = connection;
    this.#codec = codec;
  }

  /** Publishes a message of any type, after all text that was written before it. */
  publish(type: string, content: Content, parent: Request | undefined = this.parent): void {
    if (this.isSilent && parent === this.parent && type !== "status") return;
    // encoded first: what JSON cannot hold throws here, into the code that made it, and sends nothing
    const frames = this.#codec.encode(type, content, parent, [type]);
    this.flush();
    this.#connection.send("iopub", frames);
  }

  /** Adds text to one of the running cell's streams. */
  write(name: StreamName, text: string): void {
    if (text === "" || this.isSilent) return;
    if (this.#pending?.name !== name || this.#pending.parent !== this.parent) {
      this.flush();
      this.#pending = { name, parent: this.parent, chunks: [], size: 0 };
    }
    this.#pending.chunks.push(text);
    this.#pending.size += text.length;
    if (this.#pending.size >= STREAM_LIMIT || Date.now() - this.#lastFlush >= STREAM_INTERVAL) {
      this.flush();
    } else {
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, STREAM_PAUSE);
    }
  }

  /** Greets a client that begins to listen: from now on it will miss nothing (Jupyter's protocol, `iopub_welcome`). */
  welcome(subscription: string): void {
    const frames = this.#codec.encode("iopub_welcome", { subscription }, undefined, ["iopub_welcome"]);
    this.#connection.send("iopub", frames);
  }

  /** Sends the text that still waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending;
    this.#pending = undefined;
    if (!text) return;
    this.#lastFlush = Date.now();
    const content = { name: text.name, text: text.chunks.join("") };
    this.#connection.send("iopub", this.#codec.encode("stream", content, text.parent, ["stream"]));
  }
}
