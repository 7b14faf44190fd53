// @ts-check
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tagsOf } from "./notebook.mjs";

/**
 * Puts the picture of the cell tagged `picture` beside the notebooks, for README: GitHub shows none out of a notebook.
 * @param {import("./notebook.mjs").Notebook} notebook
 * @param {string} file of the notebook
 */
export function savePicture(notebook, file) {
  const cells = notebook.cells.filter((cell) => tagsOf(cell).includes("picture"));
  const png = cells
    .flatMap(({ outputs = [] }) => outputs.map(({ data }) => data?.["image/png"]))
    .find((value) => typeof value === "string" || Array.isArray(value));
  if (png === undefined) return;
  const folder = path.join(path.dirname(file), "pictures");
  mkdirSync(folder, { recursive: true });
  const name = path.basename(file).replace(/\.ipynb$/, ".png");
  writeFileSync(
    path.join(folder, name),
    Buffer.from((Array.isArray(png) ? png : [png]).map(String).join(""), "base64"),
  );
}
