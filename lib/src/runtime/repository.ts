import os from "node:os";
import path from "node:path";

const PACKAGES = `${path.sep}node_modules${path.sep}`;
/** lib's own folder. */
export const LIB = path.resolve(__dirname, "../..");
const isInstalled = LIB.includes(PACKAGES);

/** The folder that holds package.json, data/ and build/: the repository, or the project in which lib is installed as a package. */
export const REPOSITORY = isInstalled ? LIB.split(PACKAGES)[0] || path.sep : path.dirname(LIB);

/** The sentences and sources that lib needs: the repository's data/, which a package takes along. */
export const DATA = path.join(isInstalled ? LIB : REPOSITORY, "data");

/** The command that fetches TensorFlow. */
export const SETUP_COMMAND = isInstalled ? "npx finetune-debug-setup" : "npm run setup";

/** What to do where a download of the repository is missing: a package has none. */
export const DOWNLOADS_HINT = isInstalled
  ? "It comes with the repository of finetune-debug, not with its packages: name a file or folder of your own."
  : "Run `npm run setup`.";

/** What set-up downloaded. */
export const DOWNLOADS = path.join(REPOSITORY, "data", "downloads");

/** Where people's homes lie: what follows is somebody's name. */
const HOMES = ["/home", "/Users"];

/**
 * A file's name as it may be shown: relative to the repository, or its last two parts, but never where on this machine the
 * repository or a home lies.
 */
export function shownPath(file: string): string {
  const absolute = path.resolve(file);
  const relative = path.relative(REPOSITORY, absolute);
  if (relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative)) return relative || ".";
  const parts = absolute.split(path.sep).slice(1);
  return path.join("...", ...parts.slice(Math.max(homeDepth(absolute), parts.length - 2)));
}

/** How many parts of a path say whose home it lies in. */
function homeDepth(absolute: string): number {
  const home = os.homedir();
  if (`${absolute}${path.sep}`.startsWith(`${home}${path.sep}`)) return home.split(path.sep).length - 1;
  return HOMES.some((homes) => absolute.startsWith(`${homes}${path.sep}`)) ? 2 : 0;
}
