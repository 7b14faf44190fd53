// @ts-check
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {{ argv: string[], display_name: string, [field: string]: unknown }} Kernelspec */

const PACKAGE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
/** What a kernelspec starts. */
export const KERNEL = path.join(PACKAGE, "dist", "main.js");
/** How that ends in the repository, and where the kernel is installed as a package. */
const ENDS = ["environment/kernel/dist/main.js", "@finetune-debug/kernel/dist/main.js"].map(
  (end) => path.sep + path.join(end),
);
/** The kernelspec that works from where it is only. */
const COMMITTED = path.join(PACKAGE, "jupyter/kernels/tslab");

/** Where `jupyter --data-dir` points. */
export function dataFolder() {
  const { JUPYTER_DATA_DIR: given, XDG_DATA_HOME: xdg } = process.env;
  if (given) return given;
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Jupyter");
  return path.join(xdg ? xdg : path.join(homedir(), ".local", "share"), "jupyter");
}

/**
 * Writes a kernelspec that starts this very kernel, wherever the folder is.
 * @param {string} folder of the kernelspec
 * @param {{ displayName?: string | undefined, force?: boolean }} options force: also in place of somebody else's
 * @throws when there is somebody else's kernelspec, or the folder cannot be written
 */
export function installKernelspec(folder, { displayName, force = false }) {
  const present = entryAt(folder);
  if (present && !isOurs(folder) && !force)
    throw new Error(
      `${folder} is somebody else's: take another --name, or --force to put ours in its place.`,
    );
  const committed = /** @type {Kernelspec} */ (readKernelspec(COMMITTED));
  const argv = [process.execPath, KERNEL, "{connection_file}"];
  const spec = { ...committed, argv, display_name: displayName ?? committed.display_name };
  const file = path.join(folder, "kernel.json");
  try {
    // a link would lead to what is not to be written; others' files beside it would become ours
    if (present && !(isOurs(folder) && present.isDirectory())) rmSync(folder, { recursive: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.part`, `${JSON.stringify(spec, null, 2)}\n`);
    renameSync(`${file}.part`, file);
  } catch (error) {
    throw new Error(`${folder} cannot be written: ${/** @type {Error} */ (error).message}`, { cause: error });
  }
}

/**
 * Takes away what `installKernelspec` wrote, and nothing else.
 * @param {string} folder of the kernelspec
 * @throws when there is none, or somebody else's
 */
export function removeKernelspec(folder) {
  if (!entryAt(folder)) throw new Error(`There is no ${folder}.`);
  if (!isOurs(folder)) throw new Error(`${folder} is somebody else's, and stays.`);
  rmSync(folder, { recursive: true });
}

/**
 * What is at a path, be it a link that leads nowhere.
 * @param {string} file
 */
function entryAt(file) {
  try {
    return lstatSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Whether a kernelspec starts this kernel, or is a link to the committed one, or starts what has been this kernel until it was moved.
 * @param {string} folder
 */
function isOurs(folder) {
  if (existsSync(folder) && realpathSync(folder) === realpathSync(COMMITTED)) return true;
  const argv = readKernelspec(folder)?.argv;
  return (
    Array.isArray(argv) &&
    argv
      .map(String)
      .some((part) => part === KERNEL || (ENDS.some((end) => part.endsWith(end)) && !existsSync(part)))
  );
}

/**
 * @param {string} folder
 * @returns {Kernelspec | undefined}
 */
function readKernelspec(folder) {
  try {
    return /** @type {Kernelspec} */ (JSON.parse(readFileSync(path.join(folder, "kernel.json"), "utf8")));
  } catch {
    return undefined;
  }
}
