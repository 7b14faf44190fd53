import { randomUUID } from "node:crypto";

import type { ProgressOptions, ProgressReporter } from "../runtime/progress";
import { kernelDisplay } from "./kernel-hook";
import { progressLine } from "./progress-line";

/** Where progress is written when no kernel shows it. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** What {@link progress} takes from its surroundings. */
export interface ProgressSurroundings {
  /** Milliseconds from any fixed moment; the process' clock when absent. */
  readonly now?: () => number;
  /** Standard error when absent, since standard output is for results. */
  readonly stream?: ProgressStream;
}

/** Puts a line where the reader sees it; the last one stays. */
type Show = (line: string, state: { done: number; last: boolean }) => void;

/** Nothing is shown of work that is over within this time: a saved notebook needs no line about it. */
const QUIET_MS = 2_000;
const UPDATE_MS = 250;

/**
 * Shows how far a long piece of work is. In a notebook it is one line that is updated in place, at most four times a second,
 * and ends as a summary; in a terminal the same; in a log one line for every tenth. Work of less than two seconds shows nothing.
 */
export function progress(
  options: ProgressOptions,
  surroundings: ProgressSurroundings = {},
): ProgressReporter {
  const { now = () => performance.now(), stream = process.stderr } = surroundings;
  const show = inKernel() ?? (stream.isTTY ? inTerminal(stream) : inLog(stream, options.total));
  const start = now();
  let shownAt = -Infinity;
  let done = 0;
  let ended = false;
  const report = (last: boolean, note: string | undefined): void => {
    const time = now();
    if (time - start < QUIET_MS || (!last && time - shownAt < UPDATE_MS)) return;
    shownAt = time;
    show(progressLine({ ...options, done, elapsedMs: time - start, last, note }), { done, last });
  };
  return {
    update(finished, note) {
      if (ended) return;
      done = finished;
      report(false, note);
    },
    end(note) {
      if (ended) return;
      ended = true;
      report(true, note);
    },
  };
}

function inKernel(): Show | undefined {
  const kernel = kernelDisplay();
  if (!kernel) return undefined;
  const displayId = randomUUID();
  let update = false;
  return (line) => {
    kernel.display({ "text/plain": line }, { displayId, update });
    update = true;
  };
}

function inTerminal(stream: ProgressStream): Show {
  // ESC [ K clears what a longer line has left behind
  return (line, { last }) => stream.write(`\r${line}\u001b[K${last ? "\n" : ""}`);
}

function inLog(stream: ProgressStream, total: number): Show {
  let tenth = 0;
  return (line, { done, last }) => {
    const reached = Math.floor((10 * done) / Math.max(1, total));
    if (reached <= tenth && !last) return;
    tenth = reached;
    stream.write(`${line}\n`);
  };
}
