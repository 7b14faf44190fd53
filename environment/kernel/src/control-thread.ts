import { parentPort, workerData } from "node:worker_threads";
import { Router } from "zeromq";
import { socketAddress, type ConnectionInfo } from "./connection-file";
import type { InterruptMemory } from "./interrupt-memory";
import { log } from "./log";
import { MessageCodec } from "./message";
import { TALKING } from "./socket-options";

// Runs in a thread of its own, which goes on while a cell keeps the main one busy: the heart beats, an interrupt is heard at
// once, a shutdown ends even an endless loop, and a kernel whose Jupyter has gone ends too.

/** What the thread is started with. */
export interface ControlThreadData {
  readonly info: ConnectionInfo;
  readonly memory: InterruptMemory;
  /** The process to end with; `undefined` where the kernel may outlive the one that started it. */
  readonly parent: number | undefined;
}

/** What the main thread tells this one. */
export type ToControlThread =
  { readonly do: "send"; readonly frames: readonly (Uint8Array | string)[] } | { readonly do: "close" };

/** What this thread tells the main one. */
export type FromControlThread =
  { readonly event: "listening" } | { readonly event: "message"; readonly frames: readonly Uint8Array[] };

/** How often to look whether the parent is still there, in milliseconds. */
const PARENT_INTERVAL = 1000;
/** How long the main thread may take to act upon an interrupt before it is broken off, in milliseconds. */
const INTERRUPT_PATIENCE = 1000;
/** How long it may take to act upon a shutdown before the process is killed, in milliseconds. */
const SHUTDOWN_PATIENCE = 3000;

const { info, memory, parent } = workerData as ControlThreadData;
const control = new Router(TALKING);
// not a Reply: that one sends nothing more once somebody who has gone has sent it noise
const heartbeat = new Router({ linger: 0, sendTimeout: 0 });
const codec = new MessageCodec(info.key);

function tellMain(message: FromControlThread): void {
  parentPort?.postMessage(message);
}

/** Reads a message only to see whether it cannot wait; the main thread checks and answers it like any other. */
function act(frames: readonly Buffer[]): void {
  let type: string;
  try {
    ({ type } = codec.decode(frames));
  } catch (error) {
    // whoever sent it does not share our key or our protocol: there is nobody to answer
    log("a message was refused:", error instanceof Error ? error.message : error);
    return;
  }
  if (type === "interrupt_request" || type === "shutdown_request") interrupt();
  if (type === "shutdown_request") setTimeout(() => process.kill(process.pid, "SIGKILL"), SHUTDOWN_PATIENCE);
  tellMain({ event: "message", frames: [...frames] });
}

function interrupt(): void {
  const before = Atomics.load(memory.answered, 0);
  Atomics.store(memory.requested, 0, 1);
  const insisting = setInterval(() => {
    if (Atomics.load(memory.answered, 0) !== before) clearInterval(insisting);
    // Code that does not look at the flag: the signal breaks it off where it runs under vm's watch. More than once, since a
    // cell that is still being compiled gets under that watch later.
    else process.kill(process.pid, "SIGINT");
  }, INTERRUPT_PATIENCE);
}

async function beat(): Promise<void> {
  for await (const frames of heartbeat) {
    await heartbeat.send(frames).catch(() => undefined); // whoever sent it may be gone
  }
}

async function listen(): Promise<void> {
  for await (const frames of control) act(frames);
}

function watchParent(parentId: number): void {
  setInterval(() => {
    // an orphan gets another parent
    if (process.ppid !== parentId) process.kill(process.pid, "SIGKILL");
  }, PARENT_INTERVAL);
}

async function start(): Promise<void> {
  await Promise.all([
    control.bind(socketAddress(info, "control")),
    heartbeat.bind(socketAddress(info, "hb")),
  ]);
  void beat();
  void listen();
  if (parent !== undefined) watchParent(parent);
  tellMain({ event: "listening" });
}

parentPort?.on("message", (message: ToControlThread) => {
  if (message.do === "close") {
    control.close();
    heartbeat.close();
    process.exit(); // of this thread; its timers would keep it
  } else {
    control
      .send(message.frames.map((frame) => (typeof frame === "string" ? frame : Buffer.from(frame))))
      .catch((error: unknown) => {
        log("a message on control could not be sent:", error);
      });
  }
});

void start();
