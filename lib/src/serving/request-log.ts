import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { ArgumentError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { parseLogLine } from "./log-line";
import type { LoggedPrediction } from "./logged-prediction";

/** Bytes of lines that wait for a slow disk; what comes beyond is lost, and counted. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;
/** Bytes at the end of a log in which its last two lines are looked for: no line has more than may wait. */
const TAIL_BYTES = 2 * MOST_WAITING_BYTES;
/** How each line begins. */
const BEGINNING = '{"time":"';

/** A file to which a server appends what it answered, one JSON object a line. */
export class RequestLog {
  #lines: string[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #lost = 0;
  #isBroken = false;

  private constructor(
    private readonly file: FileHandle,
    /** Bytes of whole lines that the file holds. */
    private size: number,
    private readonly params: { name: string; onTrouble: (message: string) => void },
  ) {}

  /**
   * Opens a log, and makes it if it is not there. A last line that a killed server left half written is taken away.
   *
   * @param onTrouble - is told when lines are lost, and when the file takes lines again
   * @throws ArgumentError if it cannot be written to, or holds something else than a log
   */
  static async open(
    file: string,
    onTrouble: (message: string) => void = () => undefined,
  ): Promise<RequestLog> {
    let handle: FileHandle | undefined;
    try {
      // texts of strangers are nobody else's to read
      handle = await open(file, "a", 0o600);
      return new RequestLog(handle, trimHalfLine(file), { name: shownPath(file), onTrouble });
    } catch (cause) {
      await handle?.close();
      if (cause instanceof ArgumentError) throw cause;
      const { code = "" } = cause as NodeJS.ErrnoException;
      throw new ArgumentError(
        `The log ${shownPath(file)} cannot be written to (${code}): name a file in a folder that you may write to.`,
        { cause },
      );
    }
  }

  /** Lines that could not be written so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Appends predictions, some time soon: whatever goes wrong with the disk is no matter of the answer. */
  append(predictions: readonly LoggedPrediction[]): void {
    for (const prediction of predictions) {
      const line = `${JSON.stringify(prediction)}\n`;
      const bytes = Buffer.byteLength(line);
      if (this.#waitingBytes + bytes > MOST_WAITING_BYTES) this.#lost += 1;
      else {
        this.#lines.push(line);
        this.#waitingBytes += bytes;
      }
    }
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Writes what waits, then closes the file. */
  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.file.close();
  }

  async #write(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#lines;
      [this.#lines, this.#waitingBytes] = [[], 0];
      const bytes = Buffer.from(lines.join(""), "utf8");
      try {
        await this.file.appendFile(bytes);
        this.size += bytes.length;
        if (this.#isBroken) this.params.onTrouble(`The log ${this.params.name} takes lines again.`);
        this.#isBroken = false;
      } catch (error) {
        this.#lost += lines.length;
        await this.#complain(error);
      }
    }
  }

  async #complain(error: unknown): Promise<void> {
    // half a line would spoil the one after it; to shorten a file needs no room on the disk
    await this.file.truncate(this.size).catch(() => undefined);
    if (this.#isBroken) return;
    this.#isBroken = true;
    const { code, message } = error as NodeJS.ErrnoException;
    this.params.onTrouble(
      `The log ${this.params.name} cannot be written to (${code ?? message}): lines are lost until it can; answers go on.`,
    );
  }
}

/**
 * Takes away what stands behind the last end of a line; the size that is left.
 *
 * @throws ArgumentError if what stands before it is no log's: it may be dear to somebody
 */
function trimHalfLine(file: string): number {
  const descriptor = openSync(file, "r+");
  try {
    const { size } = fstatSync(descriptor);
    const [rest, before] = lastLines(descriptor, size);
    const isLog =
      before === undefined
        ? BEGINNING.startsWith(rest.toString("utf8", 0, BEGINNING.length))
        : !("wrong" in parseLogLine(before));
    if (!isLog)
      throw new ArgumentError(
        `${shownPath(file)} holds something else than a request log; expected a new file, or one that a server began.`,
      );
    if (rest.length > 0) ftruncateSync(descriptor, size - rest.length);
    return size - rest.length;
  } finally {
    closeSync(descriptor);
  }
}

/** What stands behind the last end of a line, and the line before it; undefined where there is none. */
function lastLines(descriptor: number, size: number): [Buffer, string | undefined] {
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(descriptor, tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf("\n");
  if (end < 0) return [tail, undefined];
  const begin = end === 0 ? -1 : tail.lastIndexOf("\n", end - 1);
  return [tail.subarray(end + 1), tail.toString("utf8", begin + 1, end)];
}
