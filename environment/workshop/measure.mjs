// @ts-check
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { plainJupyterEnvironment } from "../jupyter-environment.mjs";
import { nameOf } from "../notebooks/notebook.mjs";
import { showNotebook } from "../notebooks/show-notebook.mjs";
import { BUILD, ROOT } from "../setup/paths.mjs";
import { writeText } from "./write-copies.mjs";

/**
 * @typedef {object} Timings
 * @property {string} measured the day
 * @property {number} cores
 * @property {number} load what else the machine did when it began: its average over a minute, in processes
 * @property {Record<string, { seconds: number, cells: number[] }>} notebooks seconds of the whole, kernel included, and of each code cell
 */

export const TIMINGS = path.join(ROOT, "environment/workshop/timings.json");

/** @returns {Timings} */
export function readTimings() {
  return /** @type {Timings} */ (JSON.parse(readFileSync(TIMINGS, "utf8")));
}

/**
 * Executes notebooks in order in a folder of their own, and writes down how long each cell took.
 * @param {{ files: string[], signal: AbortSignal, to?: string }} params
 */
export async function measure({ files, signal, to = TIMINGS }) {
  const work = path.join(BUILD, "workshop/measured");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const load = Math.round((os.loadavg()[0] ?? 0) * 10) / 10;
  /** @type {Timings} */
  const timings = { measured: today(), cores: os.availableParallelism(), load, notebooks: {} };
  for (const [index, file] of files.entries()) {
    /** @type {number[]} */
    const cells = [];
    const { ok, seconds } = await showNotebook({
      title: `[${index + 1}/${files.length}] ${nameOf(file)}`,
      file,
      out: path.join(work, path.basename(file)),
      env: plainJupyterEnvironment({ STORY_BUILD: path.join(work, "build") }),
      signal,
      onCell: (taken) => cells.push(taken),
    });
    if (!ok) throw new Error(`${nameOf(file)} did not run to its end, so nothing was written down.`);
    timings.notebooks[nameOf(file)] = { seconds, cells };
  }
  writeText(to, `${JSON.stringify(timings, null, 1)}\n`);
}

function today() {
  return new Date().toISOString().slice(0, 10);
}
