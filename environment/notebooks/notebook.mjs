// @ts-check
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../setup/paths.mjs";

/**
 * An output of a code cell, as nbformat 4 stores it.
 * @typedef {{ output_type: string, name?: string, text?: string | string[], data?: Record<string, unknown>,
 *   metadata?: Record<string, unknown>, execution_count?: number | null, ename?: string, evalue?: string,
 *   traceback?: string[], transient?: unknown }} Output
 */
/**
 * @typedef {object} Cell
 * @property {"code" | "markdown" | "raw"} cell_type
 * @property {string} [id]
 * @property {Record<string, unknown>} metadata
 * @property {string | string[]} source
 * @property {Record<string, unknown>} [attachments]
 * @property {number | null} [execution_count]
 * @property {Output[]} [outputs]
 */
/**
 * @typedef {object} Notebook
 * @property {Cell[]} cells
 * @property {Record<string, unknown>} metadata
 * @property {number} nbformat
 * @property {number} nbformat_minor
 */

/** The folder of the notebooks. */
export const NOTEBOOKS = path.join(ROOT, "notebooks");

/**
 * The notebooks in their order, those of the appendix last.
 * @param {string[]} [only] beginnings of names, such as 01; nothing means all
 * @param {string} [folder]
 * @returns {string[]} files
 */
export function listNotebooks(only = [], folder = NOTEBOOKS) {
  const files = [folder, path.join(folder, "appendix")].flatMap(notebooksIn);
  const wanted = only.map((name) => path.basename(name, ".ipynb"));
  for (const name of wanted) {
    if (!files.some((file) => nameOf(file).startsWith(name)))
      throw new Error(
        `There is no notebook ${name} (there are: ${files.map((file) => path.basename(file)).join(", ") || "none"}).`,
      );
  }
  return files.filter(
    (file) => wanted.length === 0 || wanted.some((start) => nameOf(file).startsWith(start)),
  );
}

/** @param {string} folder */
function notebooksIn(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => path.join(folder, name));
}

/**
 * A notebook's name: its file without folder and ending.
 * @param {string} file
 */
export const nameOf = (file) => path.basename(file, ".ipynb");

/**
 * @param {string} file
 * @returns {Notebook}
 */
export function readNotebook(file) {
  return /** @type {Notebook} */ (JSON.parse(readFileSync(file, "utf8")));
}

/**
 * Writes a notebook as Jupyter does, so that a save in JupyterLab changes no line that was not edited.
 * @param {string} file
 * @param {Notebook} notebook
 */
export function writeNotebook(file, notebook) {
  writeFileSync(file, `${JSON.stringify(sortKeys(notebook), null, 1)}\n`);
}

/**
 * Text that nbformat may hold as lines.
 * @param {string | string[] | undefined} text
 */
export function joined(text = "") {
  return Array.isArray(text) ? text.join("") : text;
}

/**
 * Text as nbformat writes it: a list of lines with their ends.
 * @param {string} text
 */
export function lines(text) {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** @param {Cell} cell */
export function tagsOf(cell) {
  const tags = cell.metadata["tags"];
  return Array.isArray(tags) ? /** @type {string[]} */ (tags) : [];
}

/**
 * What follows a prefix in a cell's tag, such as the name of a task in `practice-NAME`; nothing where no tag begins so.
 * @param {Cell} cell
 * @param {string} prefix
 */
export function tagAfter(cell, prefix) {
  return tagsOf(cell)
    .find((tag) => tag.startsWith(prefix))
    ?.slice(prefix.length);
}

/**
 * A notebook's code cells, numbered as a reader sees them in an executed one: [1], [2], ...
 * @param {Notebook} notebook
 */
export function codeCells(notebook) {
  return notebook.cells
    .filter(({ cell_type: type }) => type === "code")
    .map((cell, index) => ({ cell, number: index + 1, source: joined(cell.source) }));
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function sortKeys(value) {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  // by code point, as Python sorts
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortKeys(part)]));
}
