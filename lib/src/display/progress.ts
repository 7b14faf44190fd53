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

/** Where lines go, and when the next one is due. */
interface Line {
  readonly due: (state: { done: number; sinceLastMs: number }) => boolean;
  readonly show: (line: string, last: boolean) => void;
}

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
  const line = inKernel() ?? (stream.isTTY ? inTerminal(stream) : inLog(stream, options.total));
  const start = now();
  let shownAt = -Infinity;
  let done = 0;
  let ended = false;
  const report = (last: boolean, note: string | undefined): void => {
    const time = now();
    if (time - start < QUIET_MS || (!last && !line.due({ done, sinceLastMs: time - shownAt }))) return;
    shownAt = time;
    line.show(progressLine({ ...options, done, elapsedMs: time - start, last, note }), last);
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

function inKernel(): Line | undefined {
  const kernel = kernelDisplay();
  if (!kernel) return undefined;
  const displayId = randomUUID();
  let update = false;
  return {
    due: ({ sinceLastMs }) => sinceLastMs >= UPDATE_MS,
    show(line) {
      kernel.display({ "text/plain": line }, { displayId, update });
      update = true;
    },
  };
}

function inTerminal(stream: ProgressStream): Line {
  return {
    due: ({ sinceLastMs }) => sinceLastMs >= UPDATE_MS,
    // ESC [ K clears what a longer line has left behind
    show: (line, last) => stream.write(`\r${line}\u001b[K${last ? "\n" : ""}`),
  };
}

function inLog(stream: ProgressStream, total: number): Line {
  let shown = 0;
  return {
    due({ done }) {
      const tenth = Math.floor((10 * done) / Math.max(1, total));
      // the tenth tenth is the end, which has a line of its own
      const due = tenth > shown && tenth < 10;
      if (due) shown = tenth;
      return due;
    },
    show: (line) => stream.write(`${line}\n`),
  };
}
