import { interruptFlag, type InterruptFlag } from "../runtime/interrupt";
import type { ProgressOptions, ProgressReporter } from "../runtime/progress";
import { progressLine, type NestedWork } from "./progress-line";
import { openOutlet, type Outlet, type ProgressStream } from "./progress-outlet";
import { Pace } from "./progress-pace";

/** What {@link progress} takes from its surroundings. */
export interface ProgressSurroundings {
  /** Milliseconds from any fixed moment; the process' clock when absent. */
  readonly now?: () => number;
  /** Standard error when absent, since standard output is for results. */
  readonly stream?: ProgressStream;
}

/** Nothing is shown of work that is over within this time: a saved notebook needs no line about it. */
const QUIET_MS = 2_000;

/** What is being done, the innermost last. Cells are apart: work that an interrupted cell has left behind takes in nothing. */
const open: Work[] = [];

/**
 * Shows how far a long piece of work is. In a notebook it is one line that is updated in place, at most four times a second,
 * and ends as a summary; in a terminal the same, cut to its width; in a log one line for every tenth (or `PROGRESS_EVERY`
 * percent). Work of less than two seconds shows nothing.
 *
 * Work that begins while other work of the same cell is open is told of in the line of that, and leaves no line behind.
 */
export function progress(
  options: ProgressOptions,
  surroundings: ProgressSurroundings = {},
): ProgressReporter {
  const { now = () => performance.now(), stream = process.stderr } = surroundings;
  const flag = interruptFlag();
  const around = open.findLast((work) => work.flag === flag && work.hasLine);
  const work = new Work({ options, now, flag, ...(around ? { around } : { outlet: openOutlet(stream) }) });
  open.push(work);
  return work;
}

interface WorkParams {
  readonly options: ProgressOptions;
  readonly now: () => number;
  /** Of the cell that it belongs to. */
  readonly flag: InterruptFlag | undefined;
  /** The work that it is part of, which has the line. */
  readonly around?: Work;
  /** Where its own line goes, where it is part of nothing. */
  readonly outlet?: Outlet;
}

class Work implements ProgressReporter {
  readonly #params: WorkParams;
  readonly #pace: Pace;
  #done: number;
  #notes: readonly string[] = [];
  #isOver = false;
  readonly #within: Work[] = [];
  #shownAt = -Infinity;
  /** Whether the line that is seen now tells of work within. */
  #isWithinShown = false;
  readonly #start: number;

  constructor(params: WorkParams) {
    this.#params = params;
    this.#start = params.now();
    this.#pace = new Pace(params.options, this.#start);
    this.#done = params.options.initial ?? 0;
    if (params.around) params.around.#begin(this);
  }

  get flag(): InterruptFlag | undefined {
    return this.#params.flag;
  }

  /** Whether there is a line to tell of it: that of the outermost work, which may end before what began within it. */
  get hasLine(): boolean {
    return !this.#isOver && (this.#params.around?.hasLine ?? true);
  }

  update(done: number, ...notes: string[]): void {
    if (this.#isOver) return;
    this.#done = done;
    this.#notes = notes;
    this.#pace.unitIsOver();
    this.#report();
  }

  end(...notes: string[]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#notes = notes;
    open.splice(open.indexOf(this), 1);
    if (this.#params.around) this.#params.around.#leave(this);
    else this.#show(this.#params.now());
  }

  /** Work within this one begins. */
  #begin(work: Work): void {
    if (this.#within.length === 0) this.#pace.beginInterlude(this.#params.now());
    this.#within.push(work);
  }

  /** And is over. */
  #leave(work: Work): void {
    this.#within.splice(this.#within.indexOf(work), 1);
    if (this.#within.length === 0) this.#pace.endInterlude(this.#params.now());
    this.#forget();
  }

  /** A line that tells of work that is over would go on doing so as long as nothing else happens. */
  #forget(): void {
    const { around, outlet, now } = this.#params;
    if (around) around.#forget();
    else if (this.#isWithinShown && outlet?.isInPlace && !this.#isOver) this.#show(now());
  }

  /** Shows a line where one is due. */
  #report(): void {
    const { options, around, outlet, now } = this.#params;
    if (around) {
      around.#report();
      return;
    }
    const time = now();
    if (time - this.#start < QUIET_MS || this.#isOver) return;
    const share = options.total > 0 ? this.#done / options.total : 0;
    if (outlet?.due({ share, sinceLastMs: time - this.#shownAt })) this.#show(time);
  }

  #show(time: number): void {
    const { options, outlet } = this.#params;
    if (!outlet || time - this.#start < QUIET_MS) return;
    const nested = this.#nested();
    this.#shownAt = time;
    this.#isWithinShown = nested.length > 0;
    const state = { ...options, done: this.#done, ...this.#pace.at(this.#done, time), notes: this.#notes };
    outlet.show(progressLine({ ...state, nested, phase: this.#phase() }, outlet.columns()), this.#isOver);
  }

  /** The newest work within, and what is within that; what has not yet got anywhere is not worth a word. */
  #nested(): NestedWork[] {
    const work = this.#within.at(-1);
    if (!work) return [];
    const { label, total, unit } = work.#params.options;
    const own = work.#done > 0 ? [{ label, total, unit, done: work.#done }] : [];
    return [...own, ...work.#nested()];
  }

  #phase(): "running" | "over" | "interrupted" {
    if (!this.#isOver) return "running";
    // looked at only then: the kernel is more patient with a cell that looks
    const isUnfinished = this.#done < this.#params.options.total;
    return isUnfinished && this.#params.flag?.requested ? "interrupted" : "over";
  }
}
