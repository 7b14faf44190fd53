// @ts-check
import { createHash } from "node:crypto";
import { joined, lines, tagsOf } from "./notebook.mjs";

/** @typedef {import("./notebook.mjs").Cell} Cell */
/** @typedef {import("./notebook.mjs").Output} Output */
/** @typedef {import("./notebook.mjs").Notebook} Notebook */

/** What the kernel says of itself, without the version that changes. */
const METADATA = {
  kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};
/** What an author may say of a cell; all else (times, folded outputs) is of the run or the editor. */
const KEPT_METADATA = ["alt", "jupyter"];

/**
 * A notebook as it is saved: nothing of when, where and by which editor it was executed.
 * @param {Notebook} notebook
 * @param {string} name of the notebook, for the cells' ids
 * @returns {Notebook}
 */
export function normalise(notebook, name) {
  const takeId = idMaker(name);
  return {
    cells: notebook.cells.map((cell) => normaliseCell(cell, takeId(cell))),
    metadata: METADATA,
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/**
 * Ids that change with a cell's text only, so that a new cell leaves those of the others alone.
 * @param {string} name
 */
function idMaker(name) {
  /** @type {Map<string, number>} */
  const taken = new Map();
  return (/** @type {Cell} */ cell) => {
    const text = `${name}\0${cell.cell_type}\0${joined(cell.source).trimEnd()}`;
    const before = taken.get(text) ?? 0;
    taken.set(text, before + 1);
    return createHash("sha256").update(`${text}\0${before}`).digest("hex").slice(0, 12);
  };
}

/**
 * @param {Cell} cell
 * @param {string} id
 * @returns {Cell}
 */
function normaliseCell(cell, id) {
  const kept = KEPT_METADATA.filter((key) => key in cell.metadata).map((key) => [key, cell.metadata[key]]);
  const tags = [...new Set(tagsOf(cell))].sort();
  const common = {
    cell_type: cell.cell_type,
    id,
    metadata: { ...Object.fromEntries(kept), ...(tags.length > 0 ? { tags } : {}) },
    source: lines(joined(cell.source).trimEnd()),
  };
  if (cell.cell_type !== "code")
    return { ...common, ...(cell.attachments ? { attachments: cell.attachments } : {}) };
  return {
    ...common,
    execution_count: cell.execution_count ?? null,
    outputs: mergeStreams(cell.outputs ?? []).map(normaliseOutput),
  };
}

/**
 * Neighbouring pieces of one stream become one, with lines that were written over reduced to what is left of them.
 * @param {Output[]} outputs
 */
function mergeStreams(outputs) {
  /** @type {Output[]} */
  const merged = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
      last.text = joined(last.text) + joined(output.text);
    else merged.push({ ...output });
  }
  return merged;
}

/**
 * @param {Output} output
 * @returns {Output}
 */
function normaliseOutput(output) {
  const kept = { ...output };
  // ids of displays that are over
  delete kept.transient;
  if (output.output_type === "stream") return { ...kept, text: lines(finalState(joined(output.text))) };
  if (!output.data) return kept;
  const data = Object.entries(output.data).map(([type, value]) => [type, splitText(type, value)]);
  return { ...kept, metadata: output.metadata ?? {}, data: Object.fromEntries(data) };
}

/**
 * Text types as nbformat stores them: by lines.
 * @param {string} type
 * @param {unknown} value
 */
function splitText(type, value) {
  const text = type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
  return text && (typeof value === "string" || Array.isArray(value)) ? lines(joined(value)) : value;
}

/**
 * What a terminal would show in the end: after a carriage return a line is written anew.
 * @param {string} text
 */
function finalState(text) {
  // a return right before the line's end writes nothing over it
  const written = text.split("\n").map((line) => line.replace(/\r+$/, "").split("\r").at(-1) ?? "");
  // eslint-disable-next-line no-control-regex -- the terminal's "clear to the end of the line"
  return written.map((line) => line.replace(/\u001b\[K/g, "")).join("\n");
}
