// @ts-check
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { nameOf } from "./notebook.mjs";

/** @typedef {{ question: string, value: number, threshold: string, ok: boolean }} VerdictRecord */
/** @typedef {{ name: string, ok: boolean, seconds: number, error?: string, peakMemoryBytes: number, verdicts: VerdictRecord[] }} NotebookSummary */
/**
 * What build/story/summary.json holds.
 * @typedef {object} Summary
 * @property {string} profile
 * @property {number} seed
 * @property {Record<string, string>} overrides other `STORY_*` variables that changed the story
 * @property {string} node
 * @property {string | null} tensorflow
 * @property {number} seconds
 * @property {number} peakMemoryBytes of the kernel that held most
 * @property {boolean} ok every notebook ran to its end, and every verdict is what it must be
 * @property {NotebookSummary[]} notebooks
 */

/**
 * The file into which a notebook writes its verdicts (lib does it).
 * @param {string} build
 * @param {string} file of the notebook
 */
export const verdictFile = (build, file) => path.join(build, "verdicts", `${nameOf(file)}.json`);

/**
 * What came of one notebook.
 * @param {string} build
 * @param {string} file
 * @param {import("./execute.mjs").Execution} execution
 * @returns {NotebookSummary}
 */
export function summarizeNotebook(build, file, { ok, error, seconds, peakBytes }) {
  const written = verdictFile(build, file);
  const verdicts = existsSync(written)
    ? /** @type {VerdictRecord[]} */ (JSON.parse(readFileSync(written, "utf8")))
    : [];
  return {
    name: nameOf(file),
    ok: ok && verdicts.every((verdict) => verdict.ok),
    seconds,
    ...(error === undefined ? {} : { error }),
    peakMemoryBytes: peakBytes,
    verdicts,
  };
}

/**
 * Puts the notebooks together, and writes the summary.
 * @param {string} folder
 * @param {Omit<Summary, "seconds" | "peakMemoryBytes" | "ok">} parts
 * @param {number} expected how many notebooks it takes to be whole
 * @returns {Summary}
 */
export function writeSummary(folder, parts, expected) {
  const { notebooks, ...about } = parts;
  const seconds = notebooks.reduce((sum, notebook) => sum + notebook.seconds, 0);
  const summary = {
    ...about,
    seconds: Math.round(seconds * 10) / 10,
    peakMemoryBytes: Math.max(0, ...notebooks.map((notebook) => notebook.peakMemoryBytes)),
    ok: notebooks.length === expected && notebooks.every(({ ok }) => ok),
    notebooks,
  };
  writeFileSync(path.join(folder, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  return summary;
}
