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

/**
 * Writes a folder whole or not at all: `write` fills it under a temporary name, and it takes the place of what stood there before
 * once that is done. An error leaves what stood there, and no partial folder.
 */
export function writeFolderAtomically(folder: string, write: (part: string) => void): void {
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  try {
    mkdirSync(part, { recursive: true });
    write(part);
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
