import { writeSync } from "node:fs";
import { inspect } from "node:util";

/**
 * Tells whoever started the kernel, not the notebook, that something is wrong with the kernel itself.
 * It goes to the process's real stderr, since `console` belongs to the cells.
 */
export function log(message: string, cause?: unknown): void {
  const detail = cause === undefined ? "" : ` ${inspect(cause)}`;
  try {
    writeSync(2, `[tslab kernel] ${message}${detail}\n`);
  } catch {
    // a closed or full stderr must not take the kernel with it
  }
}
