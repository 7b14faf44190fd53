// @ts-check
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readNotebook, writeNotebook } from "../notebooks/notebook.mjs";
import { rewriteLinks } from "./links.mjs";
import { notebookPage } from "./notebook-page.mjs";
import { LANDING, sections } from "./pages.mjs";

/** @typedef {import("./pages.mjs").Page} Page */

/**
 * Where Sphinx finds what it builds of.
 * @typedef {object} Sources
 * @property {string} pages the folder of the pages' sources
 * @property {string} extra the folder of what is copied as it is
 */

/**
 * Puts together what the site is built of: Markdown and notebooks with links that hold on the site, pictures, files to take along.
 * @param {{ root: string, sources: Sources, repository: string | undefined }} params
 * @returns {Page[]} the pages, the landing page first
 */
export function assemble({ root, sources, repository }) {
  const navigation = sections(root);
  /** @type {Page[]} */
  const pages = [{ file: LANDING, source: "index.md" }, ...navigation.flatMap((section) => section.pages)];
  const bySource = new Map(pages.map(({ file, source }) => [file, source]));
  const onPicture = (/** @type {string} */ file) => {
    // Sphinx copies those of Markdown from the sources; those of HTML are taken from where they lie
    for (const folder of [sources.pages, sources.extra])
      cpSync(path.join(root, file), path.join(folder, file), { recursive: true });
  };
  for (const page of pages) {
    const linking = { ...page, root, pages: bySource, repository, onPicture };
    if (page.file.endsWith(".ipynb")) putNotebook({ linking, sources });
    else {
      const markdown = rewriteLinks(readFileSync(path.join(root, page.file), "utf8"), linking);
      put(
        path.join(sources.pages, page.source),
        page.file === LANDING ? markdown + toctrees(navigation) : markdown,
      );
    }
  }
  return pages;
}

/** @param {{ linking: import("./links.mjs").Linking, sources: Sources }} params */
function putNotebook({ linking, sources }) {
  const { root, file, source } = linking;
  const { notebook, pictures } = notebookPage(readNotebook(path.join(root, file)), linking);
  const out = path.join(sources.pages, source);
  mkdirSync(path.dirname(out), { recursive: true });
  writeNotebook(out, notebook);
  cpSync(path.join(root, file), path.join(sources.extra, source));
  for (const { name, base64 } of pictures)
    put(path.join(sources.extra, path.dirname(source), name), Buffer.from(base64, "base64"));
}

/**
 * @param {string} file
 * @param {string | Buffer} content
 */
function put(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/**
 * The navigation, which stands beside each page and gives previous and next.
 * @param {import("./pages.mjs").Section[]} navigation
 */
function toctrees(navigation) {
  const trees = navigation.map(({ caption, pages }) =>
    [
      "```{toctree}",
      ":hidden:",
      ":titlesonly:",
      `:caption: ${caption}`,
      "",
      ...pages.map(({ source }) => source.replace(/\.(md|ipynb)$/, "")),
      "```",
    ].join("\n"),
  );
  return `\n\n${trees.join("\n\n")}\n`;
}
