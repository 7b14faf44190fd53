// @ts-check
import { statSync } from "node:fs";
import ts from "typescript";
import { findLocalTraces } from "./local-traces.mjs";
import { codeCells, joined, tagsOf } from "./notebook.mjs";

/** @typedef {import("./cell-module.mjs").Finding} Finding */
/** @typedef {ReturnType<typeof codeCells>[number]} CodeCell */

const MOST_LINES = 14;
/** All saved notebooks together, in bytes: a clone and a page on GitHub stay quick. */
const MOST_BYTES = 3_000_000;
const IGNORED = "nbval-ignore-output";

/**
 * What a notebook must be so that it reads well and nbval can compare it.
 * @param {import("./notebook.mjs").Notebook} notebook
 * @returns {Finding[]}
 */
export function checkRules(notebook) {
  const cells = codeCells(notebook);
  return [
    ...cells.flatMap(checkCell),
    ...checkIgnored(cells),
    ...checkSaved(cells),
    ...checkTraces(notebook),
  ];
}

/**
 * @param {import("./notebook.mjs").Notebook} notebook
 * @returns {Finding[]}
 */
function checkTraces(notebook) {
  return findLocalTraces(notebook).map((trace) => ({
    cell: undefined,
    line: undefined,
    message: `tells of the machine that made it: ${trace}`,
  }));
}

/**
 * @param {CodeCell} codeCell
 * @returns {Finding[]}
 */
function checkCell({ cell, number, source }) {
  const at = (/** @type {string} */ message) => ({ cell: number, line: undefined, message });
  /** @type {Finding[]} */
  const findings = findTraps(source).map((trap) => ({ cell: number, ...trap }));
  const count = source.trimEnd().split("\n").length;
  if (count > MOST_LINES) findings.push(at(`${count} lines; a code cell has under ${MOST_LINES + 1}`));
  if (source.trim() === "") findings.push(at("is empty"));
  return [...findings, ...(cell.outputs ?? []).flatMap(findUnseen).map(at)];
}

/**
 * What some readers of an output would not see: those who cannot see pictures, and those who have not trusted the notebook.
 * @param {import("./notebook.mjs").Output} output
 */
function findUnseen({ data = {}, metadata = {} }) {
  const pictures = Object.keys(data).filter((type) => type.startsWith("image/"));
  const isNamed = (/** @type {string} */ type) =>
    isSaid(/** @type {{ alt?: unknown } | undefined} */ (metadata[type])?.alt);
  const html = joined(/** @type {string | string[] | undefined} */ (data["text/html"]));
  const images = html.match(/<img\b[^>]*>/gi) ?? [];
  return [
    ...pictures.filter((type) => !isNamed(type)).map(() => "shows a picture without alt text"),
    ...images
      .filter((image) => !isSaid(/\salt="([^"]*)"/i.exec(image)?.[1]))
      .map(() => "shows a picture in HTML without alt text"),
    ...(/<script\b/i.test(html)
      ? ["shows what a script draws: GitHub, and JupyterLab before one trusts it, run none"]
      : []),
  ];
}

/** @param {unknown} alt */
function isSaid(alt) {
  return typeof alt === "string" && alt.trim() !== "";
}

/**
 * What notebooks must be together.
 * @param {string[]} files
 * @returns {Finding[]}
 */
export function checkSize(files) {
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (bytes < MOST_BYTES) return [];
  const message = `the notebooks take ${bytes} bytes together; they stay under ${MOST_BYTES}`;
  return [{ cell: undefined, line: undefined, message }];
}

/**
 * @param {CodeCell[]} cells
 * @returns {Finding[]}
 */
function checkIgnored(cells) {
  const isIgnored = (/** @type {CodeCell} */ { cell }) =>
    tagsOf(cell).some((tag) => tag === IGNORED || tag === "nbval-skip");
  const ignored = cells.filter(isIgnored);
  /** @type {Finding[]} */
  const findings = [];
  if (ignored.length > cells.length / 2)
    findings.push({
      cell: undefined,
      line: undefined,
      message: `${ignored.length} of ${cells.length} code cells are tagged ${IGNORED}; at most half may be`,
    });
  const last = cells.at(-1);
  if (last && isIgnored(last))
    findings.push({
      cell: last.number,
      line: undefined,
      message: "is ignored, and no compared cell follows it",
    });
  return findings;
}

/**
 * nbval compares nothing of a cell that has no execution count.
 * @param {CodeCell[]} cells
 * @returns {Finding[]}
 */
function checkSaved(cells) {
  const unsaved = cells.filter(({ cell }) => typeof cell.execution_count !== "number");
  if (unsaved.length === 0) return [];
  const message = `${unsaved.length} of ${cells.length} code cells have no saved output, and nbval would not compare them: npm run notebooks:save`;
  return [{ cell: undefined, line: undefined, message }];
}

/**
 * What tslab's converter does not run as it is written.
 * @param {string} source
 */
function findTraps(source) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
  /** @type {{ message: string, line: number }[]} */
  const found = [];
  const add = (/** @type {import("typescript").Node} */ node, /** @type {string} */ message) => {
    found.push({ message, line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1 });
  };
  const visit = (/** @type {import("typescript").Node} */ node, /** @type {boolean} */ top) => {
    // without an import or another await in the cell, the compiler reads a call of a function named await
    const call =
      ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "await";
    if (call || (ts.isAwaitExpression(node) && ts.isParenthesizedExpression(node.expression)))
      add(node, "`await (...)` fails in a cell: give the promise a name, and await that");
    if (top && ts.isForOfStatement(node) && node.awaitModifier)
      add(node, "top-level `for await` fails in a cell: put it into a function");
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0)
      add(node, "`using` fails in a cell");
    if (ts.isExportDeclaration(node) || ts.isExportAssignment(node) || hasExport(node))
      add(node, "`export` has no meaning in a cell");
    ts.forEachChild(node, (child) => {
      visit(child, top && !ts.isFunctionLike(node));
    });
  };
  visit(file, true);
  return found;
}

/** @param {import("typescript").Node} node */
function hasExport(node) {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}
