// @ts-check
import path from "node:path";
import { findPython } from "../machine.mjs";
import { ROOT } from "../paths.mjs";
import { run } from "../run.mjs";

const PROGRAM = path.join(ROOT, "environment/setup/bundle/archive.py");
/** The program's own exit status for a bundle that is not what it should be. */
const REFUSED = 3;

/**
 * Packs a folder of folders of files into one file, the manifest first.
 * @param {{ folder: string, file: string, manifest: object }} params
 */
export async function packArchive({ folder, file, manifest }) {
  await archive("Packing the bundle", ["pack", folder, file, JSON.stringify(manifest)]);
}

/**
 * What a bundle says of itself; nothing of it is believed yet.
 * @param {string} file
 * @returns {Promise<unknown>}
 */
export async function readManifest(file) {
  return JSON.parse(await archive("Reading the bundle", ["manifest", file]));
}

/**
 * Unpacks a bundle's files, each checked by the manifest's checksum.
 * @param {{ file: string, folder: string }} params
 */
export async function unpackArchive({ file, folder }) {
  await archive("Unpacking the bundle", ["unpack", file, folder]);
}

/**
 * @param {string} what
 * @param {string[]} args
 */
function archive(what, args) {
  return run(what, findPython().command, [PROGRAM, ...args], { refusal: REFUSED });
}
