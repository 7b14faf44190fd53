// @ts-check
import { joined, tagAfter } from "../notebooks/notebook.mjs";
import { relinked } from "./practice.mjs";

/** @typedef {import("../notebooks/notebook.mjs").Cell} Cell */
/** @typedef {import("../notebooks/notebook.mjs").Notebook} Notebook */

/** A cell with this tag and a type of slide is shown so, whatever the rule says: `slide-skip`. */
const TAG = "slide-";
const TYPES = ["slide", "subslide", "fragment", "skip", "notes", "-"];
/** A cell of more lines fills a page by itself. */
const LONG = 9;

/**
 * A saved notebook as slides for jupyterlab-rise: a heading begins one, what is long follows below it, and cells that only prepare
 * are left out.
 * @param {object} params
 * @param {Notebook} params.notebook
 * @param {string} params.folder that it will lie in
 * @param {readonly string[]} params.beside names of the files beside it
 * @returns {Notebook}
 */
export function slidesOf({ notebook, folder, beside }) {
  const cells = notebook.cells.map((cell) => {
    const type = taggedType(cell) ?? ruledType(cell);
    const shown = cell.cell_type === "markdown" ? relinked(cell, { folder, beside }) : cell;
    const slideshow = { slide_type: type === "-" ? "" : type };
    return { ...shown, metadata: { ...shown.metadata, slideshow } };
  });
  return { ...notebook, cells };
}

/** @param {Cell} cell */
function taggedType(cell) {
  const type = tagAfter(cell, TAG);
  if (type === undefined || TYPES.includes(type)) return type;
  throw new Error(
    `A cell is tagged ${TAG}${type}; expected one of ${TYPES.map((one) => TAG + one).join(", ")}.`,
  );
}

/** @param {Cell} cell */
function ruledType(cell) {
  const source = joined(cell.source);
  if (cell.cell_type === "markdown") return /^#{1,2} /.test(source) ? "slide" : "subslide";
  if ((cell.outputs ?? []).length === 0) return "skip";
  return source.split("\n").length > LONG || (cell.outputs ?? []).some(isPicture) ? "subslide" : "-";
}

/** @param {import("../notebooks/notebook.mjs").Output} output */
function isPicture({ data = {} }) {
  return "image/png" in data;
}
