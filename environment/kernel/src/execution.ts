import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { bundleOf } from "./display";
import { reportInterruption, reportThrown, reportTypeErrors, type ErrorReport } from "./error-report";
import type { Interruption } from "./interruption";
import type { Content } from "./message";
import type { SourcePositions } from "./positions";
import type { IoPublisher } from "./publisher";
import { textField } from "./records";
import type { StalePackages } from "./stale-packages";
import type { StrayErrors } from "./stray-errors";
import type { Tslab } from "./tslab";

/** What a cell needs around it to run. */
export interface CellSurroundings {
  readonly tslab: Tslab;
  readonly publisher: IoPublisher;
  readonly positions: SourcePositions;
  readonly strayErrors: StrayErrors;
  readonly interruption: Interruption;
  readonly stalePackages: StalePackages;
}

/** Runs cells, one at a time, and publishes what comes of them. */
export class Execution {
  readonly #around: CellSurroundings;
  #count = 0;

  constructor(around: CellSurroundings) {
    this.#around = around;
  }

  /** The number of the last cell. */
  get count(): number {
    return this.#count;
  }

  /** Runs the cell of an `execute_request`; returns the content of its reply. */
  async run(request: Content): Promise<Content> {
    const code = textField(request, "code");
    const silent = request["silent"] === true;
    if (!silent && request["store_history"] !== false) this.#count += 1;
    const { publisher, positions, strayErrors, interruption } = this.#around;
    if (!silent) publisher.publish("execute_input", { code, execution_count: this.#count });
    this.#sayNotices(silent);
    positions.nextLabel = `cell ${this.#count}`;
    interruption.clear();
    strayErrors.begin();
    const problem = await this.#runCode(code, silent);
    if (problem) this.#publishError(problem);
    const failure = await this.#waitForStrayErrors(problem);
    this.#around.stalePackages.remember();
    if (failure) return { status: "error", execution_count: this.#count, ...failure };
    return { status: "ok", execution_count: this.#count, user_expressions: {}, payload: [] };
  }

  /** Says, above what the cell itself writes, what the reader should know of the options and packages that it uses. */
  #sayNotices(silent: boolean): void {
    if (silent) return;
    const { tslab, stalePackages, publisher } = this.#around;
    for (const notice of [...tslab.takeOptionProblems(), ...stalePackages.notices()])
      publisher.write("stderr", `${notice}\n`);
  }

  /** Runs the code and publishes the value of its last expression; returns what went wrong. */
  async #runCode(code: string, silent: boolean): Promise<ErrorReport | undefined> {
    const { tslab, publisher } = this.#around;
    try {
      const outcome = await tslab.execute(code);
      if (outcome.kind === "type-errors") return reportTypeErrors(outcome.diagnostics);
      if (outcome.kind === "thrown") {
        return tslab.isInterruption(outcome.error) ? reportInterruption() : reportThrown(outcome.error);
      }
      if (outcome.value !== undefined && !silent) {
        const data = await bundleOf(outcome.value);
        publisher.publish("execute_result", { data, metadata: {}, execution_count: this.#count });
      }
      return undefined;
    } catch (error) {
      // from a value's own toMimeBundle or inspection, or from the compiler: the cell failed, the kernel did not
      return reportThrown(error);
    }
  }

  /**
   * Gives rejections that nobody awaits, and timers that are due, the time to come to light.
   * The first of them is the error of a cell that had none; the others are shown as text.
   */
  async #waitForStrayErrors(problem: ErrorReport | undefined): Promise<ErrorReport | undefined> {
    // Node's shortest timer is 1 ms, and timers of equal length fire in the order they were set
    await sleep(1);
    await nextTurn();
    let failure = problem;
    for (const error of this.#around.strayErrors.end()) {
      const report = reportThrown(error);
      if (failure) this.#around.publisher.write("stderr", `${report.traceback.join("\n")}\n`);
      else this.#publishError((failure = report));
    }
    return failure;
  }

  #publishError({ ename, evalue, traceback }: ErrorReport): void {
    this.#around.publisher.publish("error", { ename, evalue, traceback });
  }
}
