import type { LoggedPrediction } from "./logged-prediction";

const IS_FIELD: Record<keyof LoggedPrediction, (value: unknown) => boolean> = {
  time: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  requestId: isText,
  model: isText,
  text: isText,
  tokens: isNumber,
  label: isText,
  scores: (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isNumber),
  milliseconds: isNumber,
};
const EXPECTED: Record<keyof LoggedPrediction, string> = {
  ...{
    time: "a time such as 2026-01-31T12:00:00.000Z",
    requestId: "a text",
    model: "a text",
    text: "a text",
  },
  ...{ tokens: "a number", label: "a text", scores: "an object of numbers", milliseconds: "a number" },
};

/**
 * One line of a request log.
 *
 * @returns the prediction, or, for a line that is none, what was found and what was expected
 */
export function parseLogLine(line: string): LoggedPrediction | { wrong: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { wrong: `it is not JSON (it begins with ${JSON.stringify(line.slice(0, 40))})` };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { wrong: "it is no JSON object" };
  const fields = json as Record<string, unknown>;
  for (const [name, isRight] of Object.entries(IS_FIELD) as [
    keyof LoggedPrediction,
    (typeof IS_FIELD)["time"],
  ][])
    if (!isRight(fields[name]))
      return { wrong: `its ${name} is ${shown(fields[name])}; expected ${EXPECTED[name]}` };
  return json as LoggedPrediction;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 40);
}
