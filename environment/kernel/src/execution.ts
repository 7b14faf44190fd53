import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { isBrokenOff, type CellWatchers } from "./cell-watchers";
import { bundleOf } from "./display";
import { reportInterruption, reportThrown, reportTypeErrors, type ErrorReport } from "./error-report";
import type { Interruption } from "./interruption";
import type { Content } from "./message";
import type { SourcePositions } from "./positions";
import type { IoPublisher } from "./publisher";
import { isRecord, textField } from "./records";
import type { StalePackages } from "./stale-packages";
import type { StrayErrors } from "./stray-errors";
import type { Outcome, Tslab } from "./tslab";

/** What a cell needs around it to run. */
export interface CellSurroundings {
  readonly tslab: Tslab;
  readonly publisher: IoPublisher;
  readonly positions: SourcePositions;
  readonly strayErrors: StrayErrors;
  readonly interruption: Interruption;
  readonly watchers: CellWatchers;
  readonly stalePackages: StalePackages;
}

/** Runs cells, one at a time, and publishes what comes of them. */
export class Execution {
  readonly #around: CellSurroundings;
  #count = 0;

  constructor(around: CellSurroundings) {
    this.#around = around;
  }

  /** Runs the cell of an `execute_request`; returns the content of its reply. */
  async run(request: Content): Promise<Content> {
    const code = textField(request, "code");
    const silent = request["silent"] === true;
    if (!silent && request["store_history"] !== false) this.#count += 1;
    const { publisher, positions, strayErrors, interruption, watchers, stalePackages } = this.#around;
    publisher.isSilent = silent;
    interruption.begin(); // first: from now on a wish to stop means this cell
    try {
      publisher.publish("execute_input", { code, execution_count: this.#count });
      this.#sayNotices();
      positions.nextLabel = `cell ${this.#count}`;
      strayErrors.begin();
      watchers.tell("begins");
      const problem = await this.#runCode(code);
      if (problem) this.#publishError(problem);
      const failure = await this.#waitForStrayErrors(problem);
      stalePackages.remember();
      if (failure) return { status: "error", execution_count: this.#count, ...failure };
      const user_expressions = await this.#evaluate(request["user_expressions"]);
      return { status: "ok", execution_count: this.#count, user_expressions, payload: [] };
    } finally {
      interruption.end();
      publisher.isSilent = false;
    }
  }

  /** Says, above what the cell itself writes, what the reader should know of the options and packages that it uses. */
  #sayNotices(): void {
    const { tslab, stalePackages, publisher } = this.#around;
    if (publisher.isSilent) return; // a later cell can say it
    for (const notice of [...tslab.takeOptionProblems(), ...stalePackages.notices()])
      publisher.write("stderr", `${notice}\n`);
  }

  /** Runs the code and publishes the value of its last expression; returns what went wrong. */
  async #runCode(code: string): Promise<ErrorReport | undefined> {
    const { tslab, publisher, strayErrors, interruption } = this.#around;
    try {
      const outcome = await this.#execute(code);
      if (outcome.kind === "value") {
        if (outcome.value === undefined) return undefined;
        const data = await interruption.orStopped(bundleOf(outcome.value));
        publisher.publish("execute_result", { data, metadata: {}, execution_count: this.#count });
        return undefined;
      }
      // a cell that a stray error has ended fails with that error
      const isEnded =
        outcome.kind === "thrown" && tslab.isInterruption(outcome.error) && strayErrors.hasFound;
      return isEnded ? undefined : this.#reportOf(outcome);
    } catch (error) {
      if (tslab.isInterruption(error)) return strayErrors.hasFound ? undefined : reportInterruption();
      // from a value's own toMimeBundle or inspection, or from the compiler: the cell failed, the kernel did not
      return reportThrown(error);
    }
  }

  /** Runs code, and lets libraries mend what it left half done if it was broken off. */
  async #execute(code: string): Promise<Outcome> {
    const { tslab, watchers } = this.#around;
    const outcome = await tslab.execute(code);
    if (outcome.kind === "thrown" && isBrokenOff(outcome.error)) watchers.tell("breaksOff");
    return outcome;
  }

  #reportOf(outcome: Exclude<Outcome, { kind: "value" }>): ErrorReport {
    if (outcome.kind === "type-errors") return reportTypeErrors(outcome.diagnostics);
    const { error } = outcome;
    return this.#around.tslab.isInterruption(error) ? reportInterruption() : reportThrown(error);
  }

  /** Answers the `user_expressions` of a request: the value of each, or what went wrong. */
  async #evaluate(expressions: unknown): Promise<Content> {
    const answers: Content = {};
    for (const [name, expression] of Object.entries(isRecord(expressions) ? expressions : {})) {
      answers[name] = await this.#valueOf(String(expression));
    }
    return answers;
  }

  async #valueOf(expression: string): Promise<Content> {
    try {
      const outcome = await this.#execute(expression);
      if (outcome.kind !== "value") return { status: "error", ...this.#reportOf(outcome) };
      const data = await this.#around.interruption.orStopped(bundleOf(outcome.value));
      return { status: "ok", data, metadata: {} };
    } catch (error) {
      return { status: "error", ...reportThrown(error) };
    }
  }

  /**
   * Gives rejections that nobody awaits, and timers that are due, the time to come to light.
   * The first of them is the error of a cell that had none; the others are shown as text.
   */
  async #waitForStrayErrors(problem: ErrorReport | undefined): Promise<ErrorReport | undefined> {
    // Node's shortest timer is 1 ms, and timers of equal length fire in the order they were set
    if (process.getActiveResourcesInfo().includes("Timeout")) await sleep(1);
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
