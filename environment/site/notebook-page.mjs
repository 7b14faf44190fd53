// @ts-check
import path from "node:path";
import { joined, tagsOf } from "../notebooks/notebook.mjs";
import { rewriteLinks } from "./links.mjs";

/** @typedef {import("../notebooks/notebook.mjs").Notebook} Notebook */
/** @typedef {import("../notebooks/notebook.mjs").Output} Output */
/** A picture of the page, named from the page's folder. @typedef {{ name: string, base64: string }} Picture */

const PLOTLY = "application/vnd.plotly.v1+json";

/**
 * A notebook as the site shows it: links that hold, the file itself to take along, and each chart as its saved picture with the data
 * to draw it from. Pictures become files beside the page.
 * @param {Notebook} notebook
 * @param {import("./links.mjs").Linking} linking
 * @returns {{ notebook: Notebook, pictures: Picture[] }}
 */
export function notebookPage(notebook, linking) {
  /** @type {Picture[]} */
  const pictures = [];
  const base = path.posix.basename(linking.source, ".ipynb");
  const keep = (/** @type {string} */ base64) => {
    const name = `charts/${base}-${pictures.length + 1}.png`;
    pictures.push({ name, base64 });
    return name;
  };
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type === "markdown") return { ...cell, source: rewriteLinks(joined(cell.source), linking) };
    const outputs = (cell.outputs ?? []).map((output) => chartOutput(output, keep));
    return { ...cell, outputs, metadata: isFolded(cell) ? folded(cell) : cell.metadata };
  });
  const heading = cells.findIndex(({ cell_type: type }) => type === "markdown");
  const first = cells[heading];
  if (first) cells[heading] = { ...first, source: withDownload(joined(first.source), `${base}.ipynb`) };
  return { notebook: { ...notebook, cells }, pictures };
}

/**
 * Whether JupyterLab shows a cell's code only after a click.
 * @param {import("../notebooks/notebook.mjs").Cell} cell
 */
function isFolded({ metadata }) {
  return /** @type {{ source_hidden?: boolean } | undefined} */ (metadata["jupyter"])?.source_hidden === true;
}

/**
 * The metadata by which MyST-NB folds it, too.
 * @param {import("../notebooks/notebook.mjs").Cell} cell
 */
function folded(cell) {
  return { ...cell.metadata, tags: [...tagsOf(cell), "hide-input"] };
}

/**
 * @param {string} markdown that begins with the page's title
 * @param {string} name of the notebook's file, beside the page
 */
function withDownload(markdown, name) {
  const link = `<p class="notebook-file"><a href="${name}" download>Download this notebook</a></p>`;
  return /^# /.test(markdown) ? markdown.replace(/\n|$/, `\n\n${link}\n\n`) : `${link}\n\n${markdown}`;
}

/**
 * @param {Output} output
 * @param {(base64: string) => string} keep
 * @returns {Output}
 */
function chartOutput(output, keep) {
  const png = output.data?.["image/png"];
  if (typeof png !== "string" && !Array.isArray(png)) return output;
  const { alt = "", width, height } = pictureMetadata(output);
  const size = [width && ` width="${width}"`, height && ` height="${height}"`].filter(Boolean).join("");
  const source = keep(joined(png).replaceAll(/\s/g, ""));
  const picture = `<img src="${source}" alt="${escapeHtml(alt)}"${size} loading="lazy">`;
  const figure = output.data?.[PLOTLY];
  const html = figure === undefined ? picture : `${picture}\n${scriptOf(figure)}`;
  return {
    ...output,
    data: { "text/html": `<figure class="chart">${html}</figure>`, "text/plain": alt },
    metadata: {},
  };
}

/**
 * @param {Output} output
 * @returns {{ alt?: string, width?: number, height?: number }}
 */
function pictureMetadata(output) {
  const metadata = output.metadata?.["image/png"];
  return typeof metadata === "object" && metadata !== null ? metadata : {};
}

/**
 * Data for static/charts.js. In a script element only `<` could end it.
 * @param {unknown} figure
 */
function scriptOf(figure) {
  return `<script type="application/json">${JSON.stringify(figure).replaceAll("<", "\\u003c")}</script>`;
}

/** @param {string} text */
function escapeHtml(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
