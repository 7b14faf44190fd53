import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ServingMetrics } from "./metrics";
import type { ModelKeeper } from "./model-keeper";
import { ModelCrash } from "./model-process";
import { ServingRefusal } from "./refusal";
import type { ServingLimits } from "./serving-limits";
import { WaitingTexts, type WaitingText } from "./waiting-texts";

/** Passes that may fail with a text before it is refused: the first may have been another's fault. */
const MOST_FAILURES = 2;

/** What a batcher works with. */
export interface BatcherParams {
  keeper: Pick<ModelKeeper, "logits" | "ready">;
  limits: ServingLimits;
  metrics: ServingMetrics;
}

/** Answers texts of many requests in forward passes that they share: what waits while one runs goes into the next. */
export class Batcher {
  readonly #waiting: WaitingTexts;
  #isWorking = false;

  constructor(private readonly params: BatcherParams) {
    this.#waiting = new WaitingTexts(params.limits);
  }

  /** How many texts wait for a pass. */
  get waitingCount(): number {
    return this.#waiting.count;
  }

  /**
   * Logits of a request's texts, in their order.
   *
   * @param params - `signal`: once it is aborted the texts are dropped, and its reason is thrown
   * @throws ServingRefusal (429) if too many texts wait, (500) if the model fails on a text
   */
  async logits(params: {
    encodings: number[][];
    padTokenId: number;
    signal: AbortSignal;
  }): Promise<number[][]> {
    const { encodings, padTokenId, signal } = params;
    signal.throwIfAborted();
    const texts: WaitingText[] = [];
    const answers = encodings.map(
      (inputIds) =>
        new Promise<number[]>((answer, refuse) => {
          texts.push({ inputIds, failures: 0, isDropped: false, answer, refuse });
        }),
    );
    this.#waiting.add(texts);
    const drop = (): void => {
      this.#waiting.drop(texts);
      for (const { refuse } of texts) refuse(signal.reason);
    };
    signal.addEventListener("abort", drop, { once: true });
    void this.#work(padTokenId);
    try {
      return await Promise.all(answers);
    } catch (error) {
      // one that is refused ends its request: nobody waits for the others
      this.#waiting.drop(texts);
      throw error;
    } finally {
      signal.removeEventListener("abort", drop);
    }
  }

  async #work(padTokenId: number): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      while (this.#waiting.count > 0) {
        // before the choice: until a new process is there, more texts may come or go
        await this.params.keeper.ready();
        // what the last pass answered asks again at once: one turn of the loop lets it come along
        await nextTurn();
        const pass = this.#waiting.take();
        if (pass.length > 0) await this.#run(pass, padTokenId);
      }
    } catch (error) {
      // the server is closing, or there never was a model
      for (let pass = this.#waiting.take(); pass.length > 0; pass = this.#waiting.take())
        for (const { refuse } of pass) refuse(error);
    } finally {
      this.#isWorking = false;
    }
  }

  async #run(pass: WaitingText[], padTokenId: number): Promise<void> {
    const { keeper, limits, metrics } = this.params;
    const began = performance.now();
    try {
      const inputIds = pass.map((text) => text.inputIds);
      const logits = await keeper.logits({ inputIds, padTokenId }, limits.passSeconds);
      metrics.passTexts.observe(pass.length);
      metrics.passSeconds.observe((performance.now() - began) / 1000);
      for (const [at, text] of pass.entries()) text.answer(logits[at] ?? []);
    } catch (error) {
      this.#askAgain(pass, error);
    }
  }

  /** What a failed pass left without an answer is asked once more, each text alone. */
  #askAgain(pass: WaitingText[], error: unknown): void {
    for (const text of pass) {
      text.failures += 1;
      if (text.failures >= MOST_FAILURES) text.refuse(failure(error));
    }
    this.#waiting.putBack(pass.filter(({ failures }) => failures < MOST_FAILURES));
  }
}

function failure(error: unknown): ServingRefusal {
  const what =
    error instanceof ModelCrash
      ? "its process ended twice with this text, which is not asked again"
      : (error as Error).message;
  return new ServingRefusal(`The model failed: ${what}`, { status: 500 });
}
