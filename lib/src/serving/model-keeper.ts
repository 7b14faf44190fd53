import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { ModelError } from "../runtime/errors";
import type { LoadedModel, ModelOrder, PassOrder } from "./model-messages";
import { ModelCrash, ModelProcess } from "./model-process";

/** Seconds that a first load is said to take, as the Inference API says them. */
const USUAL_LOAD_SECONDS = 20;
/** Seconds before a process that ended while it loaded is replaced, twice as many each time. */
const [SHORTEST_PAUSE, LONGEST_PAUSE] = [0.5, 30];

/** Keeps a process with the model: starts it, and starts another where one ends. */
export class ModelKeeper {
  #process: ModelProcess | undefined;
  #ready: Promise<ModelProcess>;
  #isReady = false;
  #isClosed = false;
  #loadSeconds = USUAL_LOAD_SECONDS;
  #loadBegan = performance.now();
  /** The model, once it was loaded; it stays the same one in every process. */
  readonly model: Promise<LoadedModel>;

  /**
   * @param params - `onRestart` is told why a process ended
   */
  constructor(private readonly params: { order: ModelOrder; onRestart: (reason: string) => void }) {
    const first = this.#start(params.order);
    this.model = first.then(({ model }) => model);
    this.#ready = first.then(({ process }) => process);
    // whoever asks hears of it
    this.model.catch(() => undefined);
    this.#ready.catch(() => undefined);
  }

  /** Whether a process holds the model now. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** The id of the process that holds the model, or is loading it. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Seconds until the model is probably there. */
  get estimatedSeconds(): number {
    return Math.max(1, this.#loadSeconds - (performance.now() - this.#loadBegan) / 1000);
  }

  /**
   * Resolves when a process holds the model.
   *
   * @throws ModelError if it could not be loaded the first time
   */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /**
   * Logits of texts, by the process of now, or the next where it is being replaced.
   *
   * @throws ModelCrash or ModelError as {@link ModelProcess.logits}
   */
  async logits(pass: PassOrder, seconds: number): Promise<number[][]> {
    return (await this.#ready).logits(pass, seconds);
  }

  /** Ends the process and starts no other. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isReady = false;
    this.#process?.kill();
    await this.#process?.ended;
  }

  async #start(order: ModelOrder): Promise<{ process: ModelProcess; model: LoadedModel }> {
    this.#loadBegan = performance.now();
    const started = await ModelProcess.start(order, (process) => (this.#process = process));
    this.#loadSeconds = (performance.now() - this.#loadBegan) / 1000;
    if (this.#isClosed) {
      started.process.kill();
      throw new ModelError("The server is closed.");
    }
    this.#isReady = true;
    // the files that were loaded first, even if the Hub has others by now
    const again = { ...order, model: started.model.folder };
    void started.process.ended.then((reason) => {
      this.#isReady = false;
      if (this.#isClosed) return;
      this.params.onRestart(reason);
      this.#ready = this.#restart(again);
      this.#ready.catch(() => undefined);
    });
    return started;
  }

  async #restart(order: ModelOrder): Promise<ModelProcess> {
    let pause = SHORTEST_PAUSE;
    while (this.#isOpen()) {
      try {
        return (await this.#start(order)).process;
      } catch (error) {
        if (!this.#isOpen()) break;
        // memory may be short, or its files are being replaced: it may be better later
        this.params.onRestart(error instanceof ModelCrash ? "it ended while it loaded" : String(error));
        await sleep(pause * 1000, undefined, { ref: false });
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    }
    throw new ModelError("The server is closed.");
  }

  /** Asked anew after every wait, which the compiler does not know of. */
  #isOpen(): boolean {
    return !this.#isClosed;
  }
}
