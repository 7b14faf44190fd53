// @ts-check
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * A page of the site.
 * @typedef {object} Page
 * @property {string} file that it is made of, from the root of the repository
 * @property {string} source of it for Sphinx, from the site's root: a README is its folder's index
 */
/** @typedef {{ caption: string, pages: Page[] }} Section */

/** Practice copies that nobody has worked in, for the site alone. */
export const PRACTICE = "build/site-workshop/practice";
/** What the site begins with. */
export const LANDING = "README.md";

/**
 * The sections of the navigation, each by patterns in which `*` stands for one name. What is there is shown, in this order; a file
 * belongs to the first section that names it. Notebooks of a section with a folder of its own (`into`) are shown from there.
 * @type {{ caption: string, patterns: string[], into?: string }[]}
 */
const SECTIONS = [
  { caption: "The story", patterns: ["notebooks/*.ipynb"] },
  { caption: "Appendices", patterns: ["notebooks/appendix/*.ipynb"] },
  { caption: "Practice", patterns: [`${PRACTICE}/*.ipynb`], into: "practice" },
  {
    caption: "Using it",
    patterns: [
      "notebooks/README.md",
      "environment/README.md",
      ...["kernel", "jobs", "workshop", "jupyterhub"].map((room) => `environment/${room}/README.md`),
    ],
  },
  {
    caption: "Behind it",
    patterns: [
      "lib/README.md",
      "data/README.md",
      "test/README.md",
      "test/*/README.md",
      "environment/*/README.md",
      "CONTRIBUTING.md",
      "CHANGELOG.md",
    ],
  },
];

/**
 * The sections that have pages.
 * @param {string} root of the repository
 * @returns {Section[]}
 */
export function sections(root) {
  /** @type {Set<string>} */
  const seen = new Set();
  const all = SECTIONS.map(({ caption, patterns, into }) => {
    const files = patterns.flatMap((pattern) => matching(root, pattern)).filter((file) => !seen.has(file));
    for (const file of files) seen.add(file);
    return { caption, pages: files.map((file) => ({ file, source: sourceOf(file, into) })) };
  });
  return all.filter(({ pages }) => pages.length > 0);
}

/**
 * @param {string} file
 * @param {string} [into]
 */
function sourceOf(file, into) {
  if (into !== undefined) return `${into}/${path.basename(file)}`;
  return file.replace(/(^|\/)README\.md$/, "$1index.md");
}

/**
 * Files that match a pattern, by name.
 * @param {string} root
 * @param {string} pattern
 * @returns {string[]}
 */
function matching(root, pattern) {
  let found = [""];
  for (const part of pattern.split("/")) {
    const isName = new RegExp(`^${part.replaceAll(".", "\\.").replaceAll("*", "[^/.][^/]*")}$`);
    found = found.flatMap((folder) =>
      namesIn(path.join(root, folder))
        .filter((name) => isName.test(name))
        .map((name) => (folder === "" ? name : `${folder}/${name}`)),
    );
  }
  return found;
}

/** @param {string} folder */
function namesIn(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() || entry.isFile())
    .map(({ name }) => name)
    .sort();
}
