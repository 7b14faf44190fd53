import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { commHandlers } from "./comms";
import type { Connection } from "./connection";
import { reportThrown } from "./error-report";
import type { Execution } from "./execution";
import type { Interruption } from "./interruption";
import { kernelInfo } from "./kernel-info";
import { complete, inspect, isComplete } from "./language-requests";
import { log } from "./log";
import type { Content, MessageCodec, Request } from "./message";
import type { Preparation } from "./preparation";
import type { IoPublisher } from "./publisher";
import type { Tslab } from "./tslab";

/** The parts of a kernel. */
export interface KernelParts {
  readonly connection: Connection;
  readonly codec: MessageCodec;
  readonly publisher: IoPublisher;
  readonly tslab: Tslab;
  readonly execution: Execution;
  readonly interruption: Interruption;
  readonly preparation: Preparation;
  /** Ends the process, once what was sent has left. */
  readonly exit: () => void;
}

type RequestChannel = "shell" | "control";
type Handler = (content: Content, request: Request) => Content | Promise<Content> | undefined;

/** A request on the shell channel that waits for its turn. */
interface QueuedRequest {
  readonly request: Request;
  /** Whether a cell before it failed, so that it must not run. */
  aborted: boolean;
}

/** Answers the requests of clients: those on shell one after the other, those on control at once. */
export class Kernel {
  readonly #parts: KernelParts;
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #queue: QueuedRequest[] = [];
  #working = false;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    const { tslab, execution, interruption, publisher, exit } = parts;
    this.#handlers = new Map<string, Handler>([
      ["execute_request", (content) => execution.run(content)],
      ["kernel_info_request", () => kernelInfo(tslab.typescriptVersion)],
      ["complete_request", (content) => complete(tslab, content)],
      ["inspect_request", (content) => inspect(tslab, content)],
      ["is_complete_request", (content) => isComplete(tslab, content)],
      // history is not kept, but clients ask for it
      ["history_request", () => ({ status: "ok", history: [] })],
      ...commHandlers(publisher),
      [
        "interrupt_request",
        () => {
          interruption.request();
          return { status: "ok" };
        },
      ],
      [
        "shutdown_request",
        (content, request) => {
          const reply = { status: "ok", restart: content["restart"] === true };
          publisher.publish("shutdown_reply", reply, request); // the other clients of this kernel want to know as well
          setImmediate(exit); // after the reply
          return reply;
        },
      ],
    ]);
  }

  /** Starts to answer. */
  start(): void {
    const { connection, publisher } = this.#parts;
    publisher.publish("status", { execution_state: "starting" });
    void connection.onSubscription((topic) => {
      publisher.welcome(topic);
    });
    void connection.listen("shell", (frames) => {
      this.#receive("shell", frames);
    });
    void connection.listen("control", (frames) => {
      this.#receive("control", frames);
    });
  }

  #receive(channel: RequestChannel, frames: Buffer[]): void {
    let request: Request;
    try {
      request = this.#parts.codec.decode(frames);
    } catch (error) {
      // whoever sent it does not share our key or our protocol: there is nobody to answer
      log("a message was refused:", error instanceof Error ? error.message : error);
      return;
    }
    if (channel === "control") {
      this.#answer("control", request).catch(reportFailure);
      return;
    }
    this.#queue.push({ request, aborted: false });
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    const { preparation } = this.#parts;
    this.#working = true;
    preparation.pause();
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      // whatever goes wrong with one request, the next one is answered
      await this.#answer("shell", next.request, next.aborted).catch(reportFailure);
    }
    this.#working = false;
    preparation.resume();
  }

  /** Answers one request; clients rely on `busy` before, and on `idle` after, all that it causes. */
  async #answer(channel: RequestChannel, request: Request, aborted = false): Promise<void> {
    const { publisher, connection, codec } = this.#parts;
    publisher.publish("status", { execution_state: "busy" }, request);
    try {
      const content = aborted ? { status: "aborted" } : await this.#replyTo(channel, request);
      if (content) {
        publisher.flush();
        const type = request.type.replace(/_request$/, "_reply");
        const reply = (answer: Content): void => {
          connection.send(channel, codec.encode(type, answer, request, request.identities));
        };
        try {
          reply(content);
        } catch (error) {
          // a value's own bundle, asked for by a user expression, may hold what JSON cannot
          reply({ status: "error", ...reportThrown(error) });
        }
      }
    } finally {
      publisher.publish("status", { execution_state: "idle" }, request);
    }
  }

  async #replyTo(channel: RequestChannel, request: Request): Promise<Content | undefined> {
    const handler = this.#handlers.get(request.type);
    const isExecution = request.type === "execute_request";
    if (!handler || (isExecution && channel === "control")) {
      log(`a message of unknown type on ${channel}:`, request.type.slice(0, 100));
      return undefined;
    }
    const { publisher } = this.#parts;
    const parent = publisher.parent;
    if (isExecution) publisher.parent = request;
    try {
      const content = await handler(request.content, request);
      const failed = isExecution && content?.["status"] === "error";
      if (failed && request.content["stop_on_error"] !== false) await this.#abortQueued();
      return content;
    } catch (error) {
      return { status: "error", ...reportThrown(error) };
    } finally {
      // what earlier cells still write belongs to them, and not to one that the reader never sees
      if (request.content["silent"] === true) publisher.parent = parent;
    }
  }

  /**
   * After a cell failed, the cells that were sent along with it must not run. They were sent before our reply,
   * so they are here or about to be read: a time window, as tslab has it, would only hit cells sent later.
   */
  async #abortQueued(): Promise<void> {
    let known = -1;
    while (known < this.#queue.length) {
      known = this.#queue.length;
      await sleep(2);
      await nextTurn();
    }
    for (const waiting of this.#queue) {
      if (waiting.request.type === "execute_request") waiting.aborted = true;
    }
  }
}

function reportFailure(error: unknown): void {
  log("a request could not be answered:", error);
}
