// @ts-check
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { SetupError, explainFailure } from "../error.mjs";
import { findPython } from "../machine.mjs";
import { ROOT } from "../paths.mjs";

const PROGRAM = path.join(ROOT, "environment/setup/bundle/archive.py");
/** The program's own exit status for a bundle that is not what it should be. */
const REFUSED = 3;

/**
 * Packs a folder of folders of files into one file, the manifest first.
 * @param {{ folder: string, file: string, manifest: object }} params
 */
export async function packArchive({ folder, file, manifest }) {
  await archive("Packing the bundle", file, ["pack", folder, file, JSON.stringify(manifest)]);
}

/**
 * What a bundle says of itself; nothing of it is believed yet.
 * @param {string} file
 * @returns {Promise<unknown>}
 */
export async function readManifest(file) {
  return JSON.parse(await archive("Reading the bundle", file, ["manifest", file]));
}

/**
 * Unpacks a bundle's files, each checked by the manifest's checksum.
 * @param {{ file: string, folder: string }} params
 */
export async function unpackArchive({ file, folder }) {
  await archive("Unpacking the bundle", file, ["unpack", file, folder]);
}

/**
 * @param {string} what
 * @param {string} file
 * @param {string[]} args
 */
async function archive(what, file, args) {
  try {
    const { stdout } = await promisify(execFile)(findPython().command, [PROGRAM, ...args]);
    return stdout;
  } catch (error) {
    const { code, stdout, stderr } = /** @type {{ code?: unknown, stdout?: string, stderr?: string }} */ (
      error
    );
    if (code === REFUSED) throw new SetupError(`The bundle ${path.basename(file)} ${stdout?.trim() ?? ""}.`);
    throw explainFailure(what, stderr ?? String(error), "above");
  }
}
