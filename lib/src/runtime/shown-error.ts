import { shownPath } from "./repository";

/** The first line of what an error says, without where on this machine anything lies. */
export function shownError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ""] = text.split("\n");
  const places = /(?:file:\/\/[\w.-]*|(?<![\w:/]))(\/[^\s'",;:)]+)/g;
  return line.replaceAll(places, (_, file: string) => shownPath(file)).slice(0, 200);
}
