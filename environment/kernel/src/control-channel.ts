import path from "node:path";
import { Worker } from "node:worker_threads";
import type { ConnectionInfo } from "./connection-file";
import type { ControlThreadData, FromControlThread, ToControlThread } from "./control-thread";
import type { InterruptMemory } from "./interrupt-memory";
import { log } from "./log";
import type { Frames } from "./message";

/** The main thread's side of the control channel, whose sockets are in `control-thread.ts`. */
export class ControlChannel {
  readonly #thread: Worker;
  readonly #listening: Promise<void>;
  #handle: ((frames: Buffer[]) => void) | undefined;

  /** Starts the thread; it binds its sockets while the main thread goes on loading. */
  constructor(info: ConnectionInfo, memory: InterruptMemory) {
    // jupyter_client sets JPY_PARENT_PID; a kernel that was started otherwise may well outlive the shell that did
    const parent = process.env["JPY_PARENT_PID"] ? process.ppid : undefined;
    const workerData: ControlThreadData = { info, memory, parent };
    this.#thread = new Worker(path.join(__dirname, "control-thread.js"), {
      workerData,
      // of its own, which it does not use: to pass on to it, Node would open the real ones (see process-output.ts)
      stdout: true,
      stderr: true,
    });
    this.#listening = new Promise((resolve, reject) => {
      this.#thread.on("error", (error) => {
        log("the thread of the control channel ended:", error);
        reject(error);
      });
      this.#thread.on("message", (message: FromControlThread) => {
        if (message.event === "listening") resolve();
        else this.#handle?.(message.frames.map((frame) => Buffer.from(frame)));
      });
    });
  }

  /** Waits until the channel listens. */
  async open(): Promise<void> {
    await this.#listening;
  }

  /** Hands every message to the handler, in order. */
  listen(handle: (frames: Buffer[]) => void): void {
    this.#handle = handle;
  }

  /** Sends one message. */
  send(frames: Frames): void {
    this.#tell({ do: "send", frames });
  }

  /** Closes the channel and waits for its thread to end: Node must not end while zeromq works in it. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#thread.once("exit", () => {
        resolve();
      });
    });
    this.#tell({ do: "close" });
    await ended;
  }

  #tell(message: ToControlThread): void {
    this.#thread.postMessage(message);
  }
}
