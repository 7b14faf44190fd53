import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { parseLogLine } from "./log-line";
import type { LoggedPrediction } from "./logged-prediction";

/** What a request log holds. */
export interface RequestLogContent {
  /** In the order in which they were answered. */
  predictions: LoggedPrediction[];
  /** 1 if the last line is half written, as a server leaves it that is killed; otherwise 0. */
  halfLines: number;
}

/**
 * Reads what a server answered.
 *
 * @throws DataError for a file that is not there, or a line before the last that is no prediction: its number, what was found,
 *   what was expected
 */
export async function readRequestLog(file: string): Promise<RequestLogContent> {
  const predictions: LoggedPrediction[] = [];
  let broken: { line: number; wrong: string } | undefined;
  let line = 0;
  try {
    const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
    for await (const text of lines) {
      line += 1;
      // a broken line is the last one, or there is something wrong with the file
      if (broken) break;
      const parsed = parseLogLine(text);
      if ("wrong" in parsed) broken = { line, wrong: parsed.wrong };
      else predictions.push(parsed);
    }
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    throw new DataError(
      `The log ${shownPath(file)} cannot be read (${code}); expected a server's request log.`,
      {
        cause,
      },
    );
  }
  if (broken && (broken.line < line || (await endsWithLine(file))))
    throw new DataError(
      `Line ${broken.line} of ${shownPath(file)} is no prediction: ${broken.wrong}. Expected a request log, one JSON object a line.`,
    );
  return { predictions, halfLines: broken ? 1 : 0 };
}

/** Whether the last line is whole: what is wrong with it then is no half-written line. */
async function endsWithLine(file: string): Promise<boolean> {
  let last: string | undefined;
  for await (const chunk of createReadStream(file, "utf8") as AsyncIterable<string>) last = chunk;
  return last?.endsWith("\n") ?? false;
}
