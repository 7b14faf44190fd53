/** A line of a job's output, as the Hub's event stream holds it. */
export interface LogLine {
  data: string;
  /** ISO 8601. */
  timestamp: string;
}

/** Who is told of a log that is still being written. */
export interface LogReader {
  onLine: (line: LogLine) => void;
  onEnd: () => void;
}

/** What is kept at most: a job that prints without end must not fill this process's memory. */
const MOST_LINES = 100_000;
const MOST_BYTES = 8 * 1_024 ** 2;
const LONGEST_LINE = 10_000;
/** Shorter ones, such as `1`, would blot out half of a log. */
const SHORTEST_SECRET = 4;

/** The output of one job, in which its secrets do not appear. */
export class JobLog {
  readonly #lines: LogLine[] = [];
  readonly #readers = new Set<LogReader>();
  readonly #secrets: readonly string[];
  #bytes = 0;
  #isFull = false;
  #hasEnded = false;

  /** @param secrets - values; of one with several lines, each line */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets
      .flatMap((secret) => secret.split(/\r?\n/))
      .filter(({ length }) => length >= SHORTEST_SECRET)
      // one secret may begin another
      .sort((left, right) => right.length - left.length);
  }

  /** Adds a line, as long as there is room. */
  write(text: string): void {
    if (this.#isFull) return;
    const masked = this.#secrets.reduce((words, secret) => words.replaceAll(secret, "***"), text);
    const bytes = Buffer.from(masked.slice(0, LONGEST_LINE));
    this.#bytes += bytes.length;
    this.#isFull = this.#lines.length === MOST_LINES || this.#bytes > MOST_BYTES;
    this.#add(
      this.#isFull
        ? `The rest of the log was not kept: it has more than ${MOST_LINES} lines or ${MOST_BYTES} bytes.`
        : // a copy, since a part of a text holds all of it in memory
          bytes.toString(),
    );
  }

  /** Gives its memory back once it has ended: what is read from now on is `reason` alone. */
  forget(reason: string): void {
    this.#lines.length = 0;
    this.#add(reason);
  }

  #add(data: string): void {
    const line = { data, timestamp: new Date().toISOString() };
    this.#lines.push(line);
    for (const { onLine } of this.#readers) onLine(line);
  }

  /** Tells all readers that nothing more comes. */
  end(): void {
    this.#hasEnded = true;
    for (const { onEnd } of this.#readers) onEnd();
    this.#readers.clear();
  }

  /**
   * Reads from the beginning, or the last `tail` lines, and then what is still to come; returns what ends that.
   */
  read(reader: LogReader, tail: number | undefined): () => void {
    for (const line of tail === undefined ? this.#lines : this.#lines.slice(-tail)) reader.onLine(line);
    if (this.#hasEnded) reader.onEnd();
    else this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }
}
