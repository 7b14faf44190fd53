import { randomUUID } from "node:crypto";

import { kernelDisplay } from "./kernel-hook";

/** Where progress is written when no kernel shows it. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  /** Characters in a line of the terminal. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Where the lines of one piece of work go, and when the next one is due. */
export interface Outlet {
  /** How many characters a line may have. */
  readonly columns: () => number;
  /** Whether a line is due: `share` of the work (0 to 1) is done, and the last line was shown that long ago. */
  readonly due: (state: { share: number; sinceLastMs: number }) => boolean;
  /** Whether a line takes the place of the one before. */
  readonly isInPlace: boolean;
  readonly show: (line: string, last: boolean) => void;
}

const UPDATE_MS = 250;
/** What JupyterLab shows in one line beside its file browser in a window 1280 pixels wide, as a projector has. */
export const NOTEBOOK_COLUMNS = 104;
/** Of a terminal that does not say. */
const TERMINAL_COLUMNS = 80;
const PERCENT = 10;

/** The outlet for work that begins now: the cell that runs, the terminal, or a log. */
export function openOutlet(stream: ProgressStream): Outlet {
  return inKernel() ?? (stream.isTTY ? inTerminal(stream) : inLog(stream));
}

function inKernel(): Outlet | undefined {
  const kernel = kernelDisplay();
  if (!kernel) return undefined;
  const displayId = randomUUID();
  let update = false;
  return {
    columns: () => NOTEBOOK_COLUMNS,
    due: ({ sinceLastMs }) => sinceLastMs >= UPDATE_MS,
    isInPlace: true,
    show(line) {
      kernel.display({ "text/plain": line }, { displayId, update });
      update = true;
    },
  };
}

function inTerminal(stream: ProgressStream): Outlet {
  return {
    // a line that fills the last column would wrap in some terminals; the window may change its width, and a pty without a size has 0
    columns: () => (stream.columns || TERMINAL_COLUMNS) - 1,
    due: ({ sinceLastMs }) => sinceLastMs >= UPDATE_MS,
    isInPlace: true,
    // ESC [ K clears what a longer line has left behind
    show: (line, last) => stream.write(`\r${line}\u001b[K${last ? "\n" : ""}`),
  };
}

function inLog(stream: ProgressStream): Outlet {
  const every = percentEvery();
  let shown = 0;
  return {
    columns: () => Infinity,
    due({ share }) {
      const reached = Math.floor((100 * share) / every);
      // the end has a line of its own
      const due = reached > shown && share < 1;
      if (due) shown = reached;
      return due;
    },
    isInPlace: false,
    show: (line) => stream.write(`${line}\n`),
  };
}

/** Percent from one line of a log to the next: `PROGRESS_EVERY`, or a tenth. */
function percentEvery(): number {
  const asked = Number(process.env["PROGRESS_EVERY"] || PERCENT);
  return asked > 0 && asked <= 100 ? asked : PERCENT;
}
