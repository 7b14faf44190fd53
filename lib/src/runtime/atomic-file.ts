import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What a file is to hold, whole or in pieces. */
export type FileContent = string | Uint8Array | Uint8Array[];

/**
 * Writes a file whole or not at all: under a temporary name first, renamed once every byte is there.
 *
 * An error (a full disk, say) leaves what stood under the name before, and no partial file.
 */
export function writeFileAtomically(file: string, content: FileContent): void {
  writeFilesAtomically(new Map([[file, content]]));
}

/** Writes files that belong together as {@link writeFileAtomically} does: none is renamed before every byte of all is there. */
export function writeFilesAtomically(files: ReadonlyMap<string, FileContent>): void {
  const part = (file: string) => `${file}.${process.pid}.part`;
  try {
    for (const [file, content] of files) {
      mkdirSync(path.dirname(file), { recursive: true });
      const [first = "", ...rest] = Array.isArray(content) ? content : [content];
      writeFileSync(part(file), first);
      for (const chunk of rest) writeFileSync(part(file), chunk, { flag: "a" });
    }
    for (const file of files.keys()) renameSync(part(file), file);
  } finally {
    for (const file of files.keys()) rmSync(part(file), { force: true });
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
