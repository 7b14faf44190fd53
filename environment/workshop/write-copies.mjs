// @ts-check
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { joined, nameOf, writeNotebook } from "../notebooks/notebook.mjs";

/** @typedef {import("../notebooks/notebook.mjs").Notebook} Notebook */

/** What each copy held when it was written, by its name: whoever has worked in one has changed that. */
const WRITTEN = ".written.json";

/**
 * Writes practice notebooks or slides. One that somebody has worked in is kept as it is; `fresh` gives it another name first.
 * @param {object} params
 * @param {string} params.folder
 * @param {{ file: string, notebook: Notebook }[]} params.copies files of the notebooks that they are copies of
 * @param {boolean} params.fresh
 * @param {(line: string) => void} params.say
 */
export function writeCopies({ folder, copies, fresh, say }) {
  mkdirSync(folder, { recursive: true });
  const written = readWritten(folder);
  for (const { file, notebook } of copies) {
    const to = path.join(folder, path.basename(file));
    const isWorkedIn = existsSync(to) && ![written[nameOf(to)], workOf(notebook)].includes(workIn(to));
    if (isWorkedIn && !fresh) {
      say(
        `${path.basename(to)} is kept: somebody has worked in it (--fresh gives it another name and writes a new one).`,
      );
      continue;
    }
    if (isWorkedIn) {
      const kept = freeName(to);
      renameSync(to, kept);
      say(`${path.basename(to)} is now ${path.basename(kept)}; a new one takes its place.`);
    }
    writeWhole(to, notebook);
    written[nameOf(to)] = workOf(notebook);
    // after each: this may be stopped half-way
    writeText(path.join(folder, WRITTEN), `${JSON.stringify(written, null, 1)}\n`);
  }
}

/**
 * Writes a notebook under another name first: a half-written one is never seen.
 * @param {string} to
 * @param {Notebook} notebook
 */
export function writeWhole(to, notebook) {
  const part = `${to}.part`;
  writeNotebook(part, notebook);
  renameSync(part, to);
}

/**
 * @param {string} to
 * @param {string} text
 */
export function writeText(to, text) {
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(`${to}.part`, text);
  renameSync(`${to}.part`, to);
}

/**
 * What a reader's work shows in: the cells' text, and that cells were run. How JupyterLab writes the file is no work.
 * @param {Notebook} notebook
 */
function workOf({ cells }) {
  const work = cells.map(({ cell_type: type, source, outputs = [] }) => [
    type,
    joined(source),
    outputs.length,
  ]);
  return hashOf(JSON.stringify(work));
}

/** @param {string} file */
function workIn(file) {
  const text = readFileSync(file, "utf8");
  try {
    const notebook = /** @type {Notebook} */ (JSON.parse(text));
    return workOf(notebook);
  } catch {
    // no notebook any more: whatever it is, it is not ours to write over
    return hashOf(text);
  }
}

/** @param {string} text */
function hashOf(text) {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function readWritten(folder) {
  try {
    return /** @type {Record<string, string>} */ (
      JSON.parse(readFileSync(path.join(folder, WRITTEN), "utf8"))
    );
  } catch {
    return {};
  }
}

/** @param {string} file */
function freeName(file) {
  const stem = file.slice(0, -".ipynb".length);
  for (let number = 1; ; number += 1) {
    const name = `${stem}.kept-${number}.ipynb`;
    if (!existsSync(name)) return name;
  }
}

/**
 * Writes files that are made anew each time, and nothing else into their folder.
 * @param {string} folder
 * @param {{ file: string, notebook: Notebook }[]} copies
 */
export function rewrite(folder, copies) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { file, notebook } of copies) writeWhole(path.join(folder, path.basename(file)), notebook);
}
