import { readFileSync } from "node:fs";
import { Publisher, Reply, Router, type SocketOptions } from "zeromq";
import { log } from "./log";
import type { Frames } from "./message";
import { isRecord } from "./records";

/** What a connection file says: where to listen, and the key that signs messages. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly ports: Readonly<Record<ChannelName, number>>;
}

/** The five channels of a Jupyter kernel. */
export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";

const CHANNELS: readonly ChannelName[] = ["shell", "control", "stdin", "iopub", "hb"];

/**
 * zeromq.js lets one send run at a time on a socket and turns asynchronous after 512 of them, so whoever
 * does not wait loses messages, and a synchronous cell cannot wait. Without a high-water mark a socket
 * always takes a message, and with a timeout of 0 zeromq.js takes it at once, however many went before:
 * nothing is dropped, nothing needs a queue of ours.
 */
const NEVER_REFUSE = { sendHighWaterMark: 0, sendTimeout: 0, receiveHighWaterMark: 0 } as const;
/** How long the process may wait at its end for the last messages to leave, in milliseconds. */
const LINGER: SocketOptions<Router> = { linger: 1000 };

/** Reads the connection file that the client wrote before it started the kernel. */
export function readConnectionFile(path: string): ConnectionInfo {
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isRecord(read)) throw new Error(`${path} is not a connection file`);
  const text = (name: string, fallback: string): string => {
    const value = read[name] ?? fallback;
    if (typeof value !== "string") throw new Error(`${path}: "${name}" must be a string`);
    return value;
  };
  const port = (channel: ChannelName): number => {
    const value = read[`${channel}_port`];
    if (typeof value !== "number") throw new Error(`${path}: "${channel}_port" must be a number`);
    return value;
  };
  const key = text("key", "");
  if (key !== "" && text("signature_scheme", "hmac-sha256") !== "hmac-sha256") {
    throw new Error(`${path}: only messages signed with hmac-sha256 are understood`);
  }
  const ports = {
    shell: port("shell"),
    control: port("control"),
    stdin: port("stdin"),
    iopub: port("iopub"),
    hb: port("hb"),
  };
  return { transport: text("transport", "tcp"), ip: text("ip", "127.0.0.1"), key, ports };
}

/** The sockets of a kernel, bound where the connection file says. */
export class Connection {
  readonly #info: ConnectionInfo;
  readonly #shell = new Router({ ...NEVER_REFUSE, ...LINGER });
  readonly #control = new Router({ ...NEVER_REFUSE, ...LINGER });
  readonly #stdin = new Router({ linger: 0 });
  readonly #iopub = new Publisher({ sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 });
  readonly #heartbeat = new Reply({ linger: 0 });

  constructor(info: ConnectionInfo) {
    this.#info = info;
  }

  /** Starts to listen on every channel. */
  async open(): Promise<void> {
    const { transport, ip, ports } = this.#info;
    const divider = transport === "ipc" ? "-" : ":";
    const sockets = this.#sockets();
    await Promise.all(
      CHANNELS.map((name) => sockets[name].bind(`${transport}://${ip}${divider}${ports[name]}`)),
    );
    void this.#beat();
  }

  /** Hands every message of a channel to the handler, in order, until the channel is closed. */
  async listen(channel: "shell" | "control", handle: (frames: Buffer[]) => void): Promise<void> {
    for await (const frames of channel === "shell" ? this.#shell : this.#control) handle(frames);
  }

  /** Sends one message. It is on its way when this returns, also within a synchronous cell. */
  send(channel: "shell" | "control" | "iopub", frames: Frames): void {
    const sockets = { shell: this.#shell, control: this.#control, iopub: this.#iopub };
    sockets[channel].send(frames).catch((error: unknown) => {
      log(`a message on ${channel} could not be sent:`, error);
    });
  }

  /** Closes every channel; messages on their way still leave. */
  close(): void {
    for (const socket of Object.values(this.#sockets())) socket.close();
  }

  #sockets(): Record<ChannelName, Router | Publisher | Reply> {
    return {
      shell: this.#shell,
      control: this.#control,
      stdin: this.#stdin,
      iopub: this.#iopub,
      hb: this.#heartbeat,
    };
  }

  async #beat(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}
