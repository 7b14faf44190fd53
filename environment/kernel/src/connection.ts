import { Router, XPublisher } from "zeromq";
import { socketAddress, type ChannelName, type ConnectionInfo } from "./connection-file";
import { ControlChannel } from "./control-channel";
import type { InterruptMemory } from "./interrupt-memory";
import { log } from "./log";
import type { Frames } from "./message";
import { SENDING, TALKING } from "./socket-options";

/** How a subscription begins on the wire; a withdrawal begins with 0. */
const SUBSCRIBES = 1;

/** The sockets of a kernel, bound where the connection file says. */
export class Connection {
  readonly #info: ConnectionInfo;
  readonly #control: ControlChannel;
  readonly #shell = new Router(TALKING);
  readonly #stdin = new Router({ linger: 0 });
  readonly #iopub = new XPublisher({
    ...SENDING,
    verbosity: "allSubs", // a second client that wants the same is told of too
  });

  constructor(info: ConnectionInfo, memory: InterruptMemory) {
    this.#info = info;
    this.#control = new ControlChannel(info, memory);
  }

  /** Starts to listen on every channel. */
  async open(): Promise<void> {
    const bind = (socket: Router | XPublisher, channel: ChannelName): Promise<void> =>
      socket.bind(socketAddress(this.#info, channel));
    await Promise.all([
      this.#control.open(),
      bind(this.#shell, "shell"),
      bind(this.#stdin, "stdin"),
      bind(this.#iopub, "iopub"),
    ]);
    void this.#dropInput();
  }

  /** Hands every message of a channel to the handler, in order, until the channel is closed. */
  async listen(channel: "shell" | "control", handle: (frames: Buffer[]) => void): Promise<void> {
    if (channel === "control") this.#control.listen(handle);
    else for await (const frames of this.#shell) handle(frames);
  }

  /** This kernel asks for no input: what comes unasked must not pile up in memory. */
  async #dropInput(): Promise<void> {
    const incoming = this.#stdin[Symbol.asyncIterator]();
    while ((await incoming.next()).done !== true);
  }

  /** Tells of each client that begins to listen to publications, by the topic that it wants ("" is all). */
  async onSubscription(handle: (topic: string) => void): Promise<void> {
    for await (const [frame] of this.#iopub) {
      if (frame?.[0] === SUBSCRIBES) handle(frame.subarray(1).toString());
    }
  }

  /** Sends one message. It is on its way when this returns, also within a synchronous cell. */
  send(channel: "shell" | "control" | "iopub", frames: Frames): void {
    if (channel === "control") {
      this.#control.send(frames);
      return;
    }
    const socket = channel === "shell" ? this.#shell : this.#iopub;
    socket.send(frames).catch((error: unknown) => {
      log(`a message on ${channel} could not be sent:`, error);
    });
  }

  /** Closes every channel; messages on their way still leave. */
  async close(): Promise<void> {
    for (const socket of [this.#shell, this.#stdin, this.#iopub]) socket.close();
    await this.#control.close();
  }
}
