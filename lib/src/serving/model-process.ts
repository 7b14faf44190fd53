import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { ModelError } from "../runtime/errors";
import type { LoadedModel, ModelOrder, ModelReply, PassOrder } from "./model-messages";

/** The same ending as this file's: sources are run by the tests, compiled files by everybody else. */
const PROGRAM = path.join(__dirname, `model-process-main${path.extname(__filename)}`);

/** Whoever waits for the next reply. */
interface Waiting {
  answer: (reply: ModelReply) => void;
  refuse: (error: unknown) => void;
}

/** A model's process that ended, or had to be ended, before its answer. */
export class ModelCrash extends ModelError {}

/**
 * A process that holds a model. TensorFlow keeps the one thread of the process that calls it: in one of its own, the server hears
 * its clients while a forward pass runs, and a crash of native code costs that pass alone.
 */
export class ModelProcess {
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  /** Resolves with why it is no more. */
  readonly ended: Promise<string>;

  private constructor(order: ModelOrder) {
    this.#child = fork(PROGRAM, [JSON.stringify(order)], {
      serialization: "advanced",
      // a terminal's Ctrl-C is the server's to answer, and its output is the program's
      stdio: ["ignore", 2, 2, "ipc"],
    });
    this.#child.on("message", (reply: ModelReply) => this.#settle()?.answer(reply));
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        resolve(reason);
        this.#settle()?.refuse(new ModelCrash(`The model's process ended (${reason}) before its answer.`));
      };
      this.#child.once("exit", (code, signal) => {
        end(signal ?? `exit code ${code ?? "unknown"}`);
      });
      this.#child.once("error", ({ message }) => {
        end(message);
      });
    });
  }

  /** The process's id. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Starts a process and loads the model in it.
   *
   * @param onStart - is given the process at once, so that it can be ended while it loads
   * @throws ModelError if the model cannot be loaded; ModelCrash if the process ended before it was
   */
  static async start(
    order: ModelOrder,
    onStart: (process: ModelProcess) => void,
  ): Promise<{ process: ModelProcess; model: LoadedModel }> {
    const started = new ModelProcess(order);
    onStart(started);
    const reply = await started.#nextReply();
    if (reply.kind === "loaded") return { process: started, model: reply.model };
    started.kill();
    throw new ModelError(reply.kind === "unusable" ? reply.message : "The model's process is out of step.");
  }

  /**
   * Logits of texts, one array a text, in their order: one forward pass. One at a time.
   *
   * @throws ModelCrash if the process ends before, or takes longer than `seconds` and is ended
   * @throws ModelError if the pass fails
   */
  async logits(pass: PassOrder, seconds: number): Promise<number[][]> {
    const timer = setTimeout(() => {
      this.kill();
    }, seconds * 1000);
    try {
      const replied = this.#nextReply();
      // what goes wrong with the channel ends the process, and that refuses the reply
      this.#child.send(pass, () => undefined);
      const reply = await replied;
      if (reply.kind === "logits") return reply.logits;
      throw new ModelError(reply.kind === "failed" ? reply.message : "The model's process is out of step.");
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #nextReply(): Promise<ModelReply> {
    return new Promise((answer, refuse) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        refuse(new ModelCrash("The model's process has ended."));
      else this.#waiting = { answer, refuse };
    });
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
