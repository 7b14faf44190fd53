import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Writes a file whole or not at all: under a temporary name first, renamed once every byte is there.
 *
 * An error (a full disk, say) leaves what stood under the name before, and no partial file.
 */
export function writeFileAtomically(file: string, content: string | Uint8Array | Uint8Array[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  try {
    const [first = "", ...rest] = Array.isArray(content) ? content : [content];
    writeFileSync(part, first);
    for (const chunk of rest) writeFileSync(part, chunk, { flag: "a" });
    renameSync(part, file);
  } finally {
    rmSync(part, { force: true });
  }
}
