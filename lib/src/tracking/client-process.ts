import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { shownError } from "./shown-error";

/** Bytes that a client may be behind before nobody waits for it. */
const LARGEST_BACKLOG = 4_000_000;

/** Where a run is to be seen, as its client says. */
export interface ClientPlace {
  /** Where it writes, relative to the folder that it was started in; none if it sends everything, or writes where it was told. */
  folder?: string;
  /** A page of the run. */
  url?: string;
}

/** What a client says. */
interface ClientAnswer {
  place?: ClientPlace;
  done?: boolean;
  error?: string;
}

/** How a client ended. */
export interface ClientEnd {
  /** `undefined` if it had not begun. */
  place: ClientPlace | undefined;
  /** Whether everything is written. */
  isDone: boolean;
}

/** What a client is started with. */
export interface ClientParams {
  python: string;
  program: string;
  /** Name of the package, such as `wandb`. */
  client: string;
  folder: string;
  /** Called once, with the reason in words, if it ends before it should or falls behind. */
  onFailure: (reason: string) => void;
}

/**
 * A Python client in a process of its own, which is told by JSON lines what to write and is never waited for but at the end.
 *
 * It ends once nothing can come any more, so also when this process is killed; Ctrl-C in a terminal is none of its business.
 */
export class ClientProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<void>;
  #place: ClientPlace | undefined;
  #isDone = false;
  #isOver = false;

  constructor(private readonly params: ClientParams) {
    const { python, program, client, folder } = params;
    // no pipe for what it prints: it goes on for a while after this process is gone
    const stdio: ["pipe", "pipe", "ignore"] = ["pipe", "pipe", "ignore"];
    this.#child = spawn(python, [program, client], { cwd: folder, detached: true, stdio });
    const { stdin, stdout } = this.#child;
    // a client that is gone is told of by its end
    stdin.on("error", () => undefined);
    createInterface(stdout).on("line", (line) => {
      this.#hear(line);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on("error", (error) => {
        this.#fail(shownError(error));
        resolve();
      });
      this.#child.on("close", (code, signal) => {
        if (!this.#isDone) this.#fail(`its client ended with ${signal ?? code ?? "nothing"}`);
        resolve();
      });
    });
  }

  /** Hands a message over, without waiting. */
  send(message: object): void {
    const { stdin } = this.#child;
    if (this.#isOver || !stdin.writable) return;
    stdin.write(`${JSON.stringify(message)}\n`);
    if (stdin.writableLength <= LARGEST_BACKLOG) return;
    this.#fail("its client does not keep up");
  }

  /** Hands the last message over, and waits so many seconds for the client to end. */
  async end(message: object, seconds: number): Promise<ClientEnd> {
    this.send(message);
    this.#child.stdin.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, seconds * 1_000)));
    await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    this.#isOver = true;
    return { place: this.#place, isDone: this.#isDone };
  }

  /** Ends it at once, and what it started. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // it ended by itself just now
    }
  }

  #hear(line: string): void {
    try {
      const answer = JSON.parse(line) as ClientAnswer;
      this.#place ??= answer.place;
      this.#isDone ||= answer.done === true;
      if (answer.error !== undefined) this.#fail(shownError(answer.error));
    } catch {
      // not a word of ours
    }
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.params.onFailure(reason);
  }
}
