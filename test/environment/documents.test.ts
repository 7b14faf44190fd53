/** What the documents say of the repository is there: links, anchors, commands, paths. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { codeCells, readNotebook } from "../../environment/notebooks/notebook.mjs";
import { DOCUMENTS, readDocument, type Document } from "./documents";
import { ROOT } from "./programs";

const MOST_LINES = 150;
/** What a clone has only after set-up or a command. */
const MADE = ["build/", ".venv/", "node_modules/", "data/downloads/", "lib/dist/", "environment/.setup/"];
const { scripts, version, license } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  version: string;
  license: string;
};
const ROOMS = [
  "lib",
  "notebooks",
  "data",
  "environment",
  "test",
  ".github",
  ".ci",
  ".devcontainer",
  ".binder",
];

/** Where a relative link leads in the repository. */
function target(document: Document, href: string): string {
  return path.join(ROOT, path.dirname(document.file), decodeURIComponent(href.split("#")[0] ?? ""));
}

/** What is wrong with a link, or `undefined`. */
function broken(document: Document, href: string): string | undefined {
  if (/^(https?|mailto):/u.test(href)) return undefined;
  // GitHub's own page of a workflow, which lies beside the files
  const workflow = /^(?:\.\.\/)+actions\/workflows\/([\w.-]+\.yml)(\/badge\.svg)?$/u.exec(href)?.[1];
  if (workflow) return existsSync(path.join(ROOT, ".github/workflows", workflow)) ? undefined : href;
  const file = href.startsWith("#") ? path.join(ROOT, document.file) : target(document, href);
  if (path.relative(ROOT, file).startsWith("..") || !existsSync(file)) return href;
  const anchor = href.split("#")[1];
  if (anchor === undefined) return undefined;
  if (!file.endsWith(".md")) return href;
  return readDocument(path.relative(ROOT, file)).anchors.includes(anchor) ? undefined : href;
}

/** Whether words in backticks name a file of the repository; those of `my-check` and its like are the reader's to make. */
function namesFile(code: string): boolean {
  if (/\bmy-/u.test(code)) return false;
  if (!/^[\w.@-]+(\/[\w.@*-]+)*\/?$/u.test(code) || !code.includes("/")) return false;
  return ROOMS.includes(code.split("/")[0] ?? "") && !MADE.some((made) => `${code}/`.startsWith(made));
}

/** Whether it is there: as written, with the ending that imports leave out, or as a pattern of one folder. */
function isThere(document: Document, code: string): boolean {
  const folders = [ROOT, path.join(ROOT, path.dirname(document.file))];
  const base = code.includes("*") ? path.dirname(code) : code;
  return folders.some((folder) => ["", ".ts"].some((end) => existsSync(path.join(folder, base + end))));
}

describe("the documents", () => {
  it("are found: the landing page, and a README in each room", () => {
    for (const file of [
      "README.md",
      "CONTRIBUTING.md",
      "CHANGELOG.md",
      "lib/README.md",
      "environment/README.md",
    ])
      assert.ok(DOCUMENTS.includes(file), file);
  });

  for (const file of DOCUMENTS) {
    const document = readDocument(file);

    it(`${file} links to what is there`, () => {
      assert.deepEqual(document.links.map((href) => broken(document, href)).filter(Boolean), []);
    });

    it(`${file} names commands that there are`, () => {
      const named = [...document.text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/gu)].map(
        ([, name = ""]) => name,
      );
      assert.deepEqual(
        [...new Set(named)].filter((name) => !(name in scripts)),
        [],
      );
    });

    it(`${file} names files that are there`, () => {
      assert.deepEqual(
        document.codes.filter((code) => namesFile(code) && !isThere(document, code)),
        [],
      );
    });

    it(`${file} says what its pictures show`, () => {
      assert.deepEqual(
        document.pictures.filter(({ alt }) => alt.trim() === ""),
        [],
      );
    });
  }
});

describe("the landing page", () => {
  const { text } = readDocument("README.md");

  it("stays short", () => {
    const count = text.trimEnd().split("\n").length;
    assert.ok(
      count <= MOST_LINES,
      `${count} lines, at most ${MOST_LINES}: details have a README in their room`,
    );
  });

  it("points at cells that there are", () => {
    const cells = [...text.matchAll(/\((notebooks\/[\w./-]+\.ipynb)\),? ((?:`\[\d+\]`(?:,| and)? ?)+)/gu)];
    assert.ok(cells.length >= 10);
    for (const [said, file = "", numbers = ""] of cells) {
      const count = codeCells(readNotebook(path.join(ROOT, file))).length;
      for (const [, number] of numbers.matchAll(/\[(\d+)\]/gu)) assert.ok(Number(number) <= count, said);
    }
  });
});

describe("CITATION.cff", () => {
  const citation = parse(readFileSync(path.join(ROOT, "CITATION.cff"), "utf8")) as Record<string, unknown>;

  it("has what the format demands, and this version", () => {
    for (const key of ["cff-version", "message", "title", "authors"]) assert.ok(citation[key], key);
    assert.equal(citation["version"], version);
    assert.equal(citation["license"], license);
  });
});

describe("CHANGELOG.md", () => {
  it("tells of this version", () => {
    assert.match(
      readDocument("CHANGELOG.md").text,
      new RegExp(`^## \\[?${version.replaceAll(".", "\\.")}\\b`, "mu"),
    );
  });
});
