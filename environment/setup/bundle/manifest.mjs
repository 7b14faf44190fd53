// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import { sha256Of } from "../downloads.mjs";
import { SetupError } from "../error.mjs";
import { thisPlatform } from "../machine.mjs";
import { ROOT } from "../paths.mjs";

/**
 * What a bundle was packed for; the files and their checksums are archive.py's.
 * @typedef {object} Contents
 * @property {number} format of the bundle
 * @property {string} version of the project
 * @property {string} platform such as `linux-x64`
 * @property {string} device `cpu` or `gpu`
 * @property {string[]} pythons the versions that there are wheels for, such as `3.12`
 * @property {string} node the major version it was packed with; every supported one can use it
 * @property {Record<string, string>} locks sha256 of each file that pins what is in it
 */
/** @typedef {Contents & { files: Record<string, { sha256: string, bytes: number }> }} Manifest */

const FORMAT = 1;

/**
 * What a bundle of this folder for this machine is.
 * @param {{ pythons: string[] }} params
 * @returns {Contents}
 */
export function contentsFor({ pythons }) {
  const project = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"))
  );
  const { device, tensorflow } = thisPlatform();
  const python = ["uv.txt", "requirements.txt", "ziglang.txt", tensorflow];
  const pinned = [
    "package-lock.json",
    ...python.map((name) => `environment/python/${name}`),
    ...["data/encoder.json", "data/snippets.json"],
  ];
  return {
    format: FORMAT,
    version: project.version,
    platform: `${process.platform}-${process.arch}`,
    device,
    pythons,
    node: process.versions.node.split(".")[0] ?? "",
    locks: Object.fromEntries(pinned.map((file) => [file, sha256Of(path.join(ROOT, file))])),
  };
}

/**
 * Refuses a bundle that is not for this folder on this machine, in one line.
 * @param {{ name: string, bytes: number, found: Partial<Manifest>, python: string }} params the file's name and size, what it says of
 *   itself, and this machine's Python, such as `3.12.4`
 */
export function checkManifest({ name, bytes, found, python }) {
  const minor = python.split(".").slice(0, 2).join(".");
  const expected = contentsFor({ pythons: [minor] });
  const refuse = (/** @type {string} */ why) => new SetupError(`The bundle ${name} ${why}`);
  const { pythons = [], locks = {}, files = {} } = found;
  if (!Array.isArray(pythons) || !isRecord(locks) || !isRecord(files))
    throw refuse("has a manifest that cannot be read: copy it again, or make it anew.");
  if (found.format !== expected.format)
    throw refuse(
      `has the format ${said(found.format)}, expected ${expected.format}: make it with this version of the project.`,
    );
  if (found.platform !== expected.platform)
    throw refuse(
      `is for ${said(found.platform)} and this machine is ${expected.platform}: make one on such a machine.`,
    );
  if (found.device !== expected.device) throw refuse(deviceAdvice(found.device, expected.device));
  if (found.version !== expected.version)
    throw refuse(
      `is of version ${said(found.version)} of this project and this folder is ${expected.version}: check that version out, or make the bundle anew.`,
    );
  const other = Object.entries(expected.locks).find(([file, key]) => locks[file] !== key)?.[0];
  if (other)
    throw refuse(
      `was packed for another ${other} than this folder's: check out the commit that it was made from, or make it anew.`,
    );
  if (!pythons.includes(minor))
    throw refuse(
      `has wheels for Python ${pythons.map(said).join(", ")} and this machine's is ${minor}: set PYTHON to one of those, or make a bundle with --python ${minor}.`,
    );
  const awaited = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  if (bytes < awaited)
    throw refuse(`has ${bytes} bytes and its files alone ${awaited}: it is cut off, copy it again.`);
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A word of somebody else's manifest, fit for a terminal.
 * @param {unknown} value
 */
function said(value) {
  const word = typeof value === "string" || typeof value === "number" ? String(value) : "none";
  return word.replace(/[^\w.-]/g, "?").slice(0, 40);
}

/**
 * @param {string | undefined} found
 * @param {string} expected
 */
function deviceAdvice(found, expected) {
  const here = expected === "gpu" ? "the GPU here" : "the CPU here";
  return `has TensorFlow for ${found === "gpu" ? "a GPU" : "the CPU"} and set-up would take ${here}: add --${found === "gpu" ? "gpu" : "cpu"}, or take a bundle made with --${expected}.`;
}
