import type { ProgressOptions } from "../runtime/progress";

/** How fast a piece of work is, and how long it will still take; all times in milliseconds. */
export class Pace {
  readonly #options: ProgressOptions;
  readonly #start: number;
  /** Time of the interludes that are over. */
  #interludeMs = 0;
  #interludesOver = 0;
  #interludeSince: number | undefined;
  /** Whether a unit was finished since the last interlude: two without one between them, such as two sets evaluated, are one. */
  #isNext = true;

  constructor(options: ProgressOptions, start: number) {
    this.#options = options;
    this.#start = start;
  }

  /** A unit is finished. */
  unitIsOver(): void {
    this.#isNext = true;
  }

  /** Work with progress of its own begins. */
  beginInterlude(now: number): void {
    this.#interludeSince = now;
  }

  /** And is over. */
  endInterlude(now: number): void {
    this.#interludeMs += now - (this.#interludeSince ?? now);
    if (this.#isNext) this.#interludesOver += 1;
    this.#isNext = false;
    this.#interludeSince = undefined;
  }

  /** Where the work stands after `done` units. */
  at(done: number, now: number): { elapsedMs: number; perSecond: number; leftMs: number | undefined } {
    const { total, initial = 0, interludes } = this.#options;
    const elapsedMs = now - this.#start;
    const betweenMs = this.#interludeMs + (now - (this.#interludeSince ?? now));
    const unitsMs = interludes === undefined ? elapsedMs : elapsedMs - betweenMs;
    const perSecond = unitsMs > 0 ? Math.max(0, done - initial) / (unitsMs / 1_000) : 0;
    if (perSecond === 0) return { elapsedMs, perSecond, leftMs: undefined };
    const meanMs = this.#interludesOver > 0 ? this.#interludeMs / this.#interludesOver : 0;
    const interludesLeftMs = Math.max(0, (interludes ?? 0) * meanMs - betweenMs);
    return { elapsedMs, perSecond, leftMs: ((total - done) / perSecond) * 1_000 + interludesLeftMs };
  }
}
