import { readFileSync } from "node:fs";
import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";

/**
 * Reads a text file that must be UTF-8: a wrong byte is an error, never a replacement character.
 *
 * @throws DataError if the file is missing or not UTF-8, with the line where it breaks
 */
export function readUtf8(file: string, hint: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new DataError(
      `${shownPath(file)} cannot be read (${(error as NodeJS.ErrnoException).code}). ${hint}`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(
      `${shownPath(file)} is not UTF-8: line ${firstBadLine(bytes)} has a wrong byte. ${hint}`,
    );
  }
}

function firstBadLine(bytes: Buffer): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let begin = 0;
  while (begin < bytes.length) {
    const newline = bytes.indexOf(0x0a, begin);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      decoder.decode(bytes.subarray(begin, end));
    } catch {
      return line;
    }
    begin = end;
    line += 1;
  }
  return line;
}
