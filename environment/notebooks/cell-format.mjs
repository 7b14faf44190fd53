// @ts-check
import prettier from "prettier";
import { codeCells, lines } from "./notebook.mjs";

/** @typedef {import("./cell-module.mjs").Finding} Finding */

/**
 * Holds every code cell to prettier's own output.
 * @param {string} file whose .prettierrc counts
 * @param {import("./notebook.mjs").Notebook} notebook
 * @param {{ fix?: boolean }} [options] fix: put the formatted source in place
 * @returns {Promise<{ findings: Finding[], fixed: number }>}
 */
export async function checkFormat(file, notebook, { fix = false } = {}) {
  const options = { ...(await prettier.resolveConfig(file)), parser: "typescript" };
  /** @type {Finding[]} */
  const findings = [];
  let fixed = 0;
  for (const { cell, number, source } of codeCells(notebook)) {
    const formatted = await prettier.format(source, options).catch((/** @type {unknown} */ error) => {
      const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      findings.push({ cell: number, line: undefined, message: `prettier cannot read it: ${message}` });
      return source;
    });
    const wanted = formatted.trimEnd();
    if (wanted === source.trimEnd()) continue;
    if (fix) {
      cell.source = lines(wanted);
      fixed += 1;
    } else findings.push(difference(number, source, wanted));
  }
  return { findings, fixed };
}

/**
 * @param {number} number
 * @param {string} source
 * @param {string} wanted
 * @returns {Finding}
 */
function difference(number, source, wanted) {
  const written = source.split("\n");
  const expected = wanted.split("\n");
  const index = expected.findIndex((line, at) => line !== written[at]);
  const at = index < 0 ? expected.length : index;
  const found = expected[at];
  const instead = found === undefined ? "has a line too many" : `expected \`${found.trim()}\``;
  return { cell: number, line: at + 1, message: `not formatted: ${instead} (npm run format:fix)` };
}
