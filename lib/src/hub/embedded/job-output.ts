import type { Readable } from "node:stream";

/** Characters of a line that is held until its end comes. */
const LONGEST_HELD = 1_000_000;

/**
 * Hands over each line of what a program prints, until it ends or is destroyed. Of a line that is longer than can be held, only that
 * is said: its beginning might break off within a secret, which would no longer be found.
 */
export function readLines(output: Readable, onLine: (line: string) => void): Promise<void> {
  let held = "";
  let isTooLong = false;
  let sawReturn = false;
  const hold = (text: string): void => {
    isTooLong ||= held.length + text.length > LONGEST_HELD;
    held = isTooLong ? "" : held + text;
  };
  const handOver = (): void => {
    onLine(isTooLong ? `A line of more than ${LONGEST_HELD} characters was not kept.` : held);
    held = "";
    isTooLong = false;
  };
  output.setEncoding("utf8");
  output.on("data", (chunk: string) => {
    // the two characters of one end may come in two chunks
    const text = sawReturn && chunk.startsWith("\n") ? chunk.slice(1) : chunk;
    sawReturn = chunk.endsWith("\r");
    const [first = "", ...further] = text.split(/\r\n|\r|\n/);
    hold(first);
    for (const line of further) {
      handOver();
      hold(line);
    }
  });
  return new Promise((resolve) => {
    output.once("close", () => {
      if (held !== "" || isTooLong) handOver();
      resolve();
    });
  });
}
