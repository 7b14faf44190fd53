import path from "node:path";
import { REPOSITORY, shownPath } from "../runtime/repository";

/** A folder as a word of a command that a reader may copy out of a saved notebook. */
export interface ShownFolder {
  /** Relative to the repository or, outside of it, to the current folder; quoted where a shell would take it apart. */
  word: string;
  /** What follows the command where the folder lies elsewhere, since a word that can be run would show where; else empty. */
  hint: string;
}

/** A folder for a command, which never shows where on this machine it lies. */
export function shownFolder(folder: string): ShownFolder {
  const absolute = path.resolve(folder);
  if (isWithin(absolute, REPOSITORY)) return { word: quoted(shownPath(absolute)), hint: "" };
  const current = process.cwd();
  if (isWithin(absolute, current)) return { word: quoted(path.relative(current, absolute) || "."), hint: "" };
  return {
    word: quoted(shownPath(absolute)),
    hint: ' ("..." stands for where the folder lies, outside of the repository)',
  };
}

/** A text as one word of a shell's. */
export function quoted(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function isWithin(absolute: string, folder: string): boolean {
  const relative = path.relative(folder, absolute);
  return relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative);
}
