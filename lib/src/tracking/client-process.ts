import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { InterruptFlag } from "../runtime/interrupt";
import { shownError } from "../runtime/shown-error";

/**
 * Bytes that may wait here for a client that reads nothing at all, one that is stopped, say. One that is merely slow reads on,
 * and keeps what it has not yet written in its own memory.
 */
const LARGEST_BACKLOG = 4_000_000;

/** How often it is looked whether somebody still waits. */
const LOOK_MS = 100;

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

/** How long somebody waits for a client to end. */
export interface ClientPatience {
  seconds: number;
  /** Of the cell that waits, where its reader may stop it. */
  flag?: InterruptFlag | undefined;
}

/** What a client is started with. */
export interface ClientParams {
  python: string;
  program: string;
  /** Name of the package, such as `wandb`. */
  client: string;
  folder: string;
  /** Called once, with the reason in words, if it ends before it should or no longer reads. */
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

  /** @throws Error where the process has no file left to open */
  constructor(private readonly params: ClientParams) {
    const { python, program, client, folder } = params;
    // no pipe for what it prints: it goes on for a while after this process is gone
    const stdio: ["pipe", "pipe", "ignore"] = ["pipe", "pipe", "ignore"];
    this.#child = spawn(python, [program, client], { cwd: folder, detached: true, stdio });
    // before anything else can throw: an error that nobody hears ends the process
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
    // where no pipe can be made there is none, and the error comes later
    const pipes: { stdin?: Writable; stdout?: Readable } = this.#child;
    const { stdin, stdout } = pipes;
    if (!stdin || !stdout) {
      this.#isOver = true;
      throw new Error("its client could not be started: too many files are open");
    }
    // a client that is gone is told of by its end
    stdin.on("error", () => undefined);
    createInterface(stdout).on("line", (line) => {
      this.#hear(line);
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

  /** Hands the last message over, and waits for the client to end. */
  async end(message: object, { seconds, flag }: ClientPatience): Promise<ClientEnd> {
    this.send(message);
    this.#child.stdin.end();
    let timer: NodeJS.Timeout | undefined;
    const latest = performance.now() + seconds * 1_000;
    const late = new Promise<void>((resolve) => {
      timer = setInterval(() => {
        if (flag?.requested || performance.now() >= latest) resolve();
      }, LOOK_MS);
    });
    await Promise.race([this.#ended, late]);
    clearInterval(timer);
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
