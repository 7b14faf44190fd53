import { after, beforeEach } from "node:test";
import { progress } from "../../../lib/src/display/progress";
import type { ProgressOptions, ProgressReporter } from "../../../lib/src/runtime/progress";

/** Each test begins without `PROGRESS_EVERY`, whoever has set it. */
export function unsetProgressEvery(): void {
  const outside = process.env["PROGRESS_EVERY"];
  beforeEach(() => void Reflect.deleteProperty(process.env, "PROGRESS_EVERY"));
  after(() => {
    if (outside === undefined) Reflect.deleteProperty(process.env, "PROGRESS_EVERY");
    else process.env["PROGRESS_EVERY"] = outside;
  });
}

/** A stream and a clock of a test's own. */
export class ProgressSurroundings {
  time = 5_000;
  written = "";
  readonly stream: { isTTY: boolean; columns?: number; write: (text: string) => void };

  constructor({ isTTY = false, columns }: { isTTY?: boolean; columns?: number } = {}) {
    const write = (text: string): void => void (this.written += text);
    this.stream = { isTTY, ...(columns === undefined ? {} : { columns }), write };
  }

  start(options: ProgressOptions): ProgressReporter {
    return progress(options, { now: () => this.time, stream: this.stream });
  }

  /** What each rewrite of the terminal's line said. */
  get rewrites(): string[] {
    return this.written.split("\r").slice(1);
  }
}
