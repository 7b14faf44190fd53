import path from "node:path";

/** The folder that holds package.json, data/ and build/. */
export const REPOSITORY = path.resolve(__dirname, "../../..");

/** What set-up downloaded. */
export const DOWNLOADS = path.join(REPOSITORY, "data", "downloads");

/**
 * A file's name as it may be shown: relative to the repository, or its last two parts, but never where on this machine the
 * repository or a home lies.
 */
export function shownPath(file: string): string {
  const relative = path.relative(REPOSITORY, path.resolve(file));
  if (!relative.startsWith("..") && !path.isAbsolute(relative)) return relative;
  return path.join("...", ...path.resolve(file).split(path.sep).slice(-2));
}
