// @ts-check
/**
 * Checks the notebooks' TypeScript without executing it: `check-cells.mjs [types] [format] [rules] [--fix] [--folder F]`.
 * Names no check: all of them. `--fix` formats the cells in place.
 */
import { parseArgs } from "node:util";
import path from "node:path";
import { checkFormat } from "./notebooks/cell-format.mjs";
import { checkTypes } from "./notebooks/cell-module.mjs";
import { checkRules, checkSize } from "./notebooks/cell-rules.mjs";
import { NOTEBOOKS, listNotebooks, readNotebook, writeNotebook } from "./notebooks/notebook.mjs";

const CHECKS = ["types", "format", "rules"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fix: { type: "boolean", default: false }, folder: { type: "string", default: NOTEBOOKS } },
});

async function check() {
  const unknown = positionals.find((name) => !CHECKS.includes(name));
  if (unknown) throw new Error(`There is no check ${unknown} (there are: ${CHECKS.join(", ")}).`);
  const wanted = new Set(positionals.length > 0 ? positionals : CHECKS);
  const files = listNotebooks([], path.resolve(values.folder));
  const notebooks = files.map((file) => ({ file, notebook: readNotebook(file) }));
  let found = 0;
  const report = (
    /** @type {string} */ file,
    /** @type {import("./notebooks/cell-module.mjs").Finding[]} */ findings,
  ) => {
    for (const { cell, line, message } of findings) {
      const place = [path.relative(process.cwd(), file), cell && `cell [${cell}]`, line && `line ${line}`];
      console.error(`${place.filter(Boolean).join(", ")}: ${message}`);
    }
    found += findings.length;
  };
  if (wanted.has("format"))
    for (const { file, notebook } of notebooks) {
      const { findings, fixed } = await checkFormat(file, notebook, { fix: values.fix });
      if (fixed > 0) writeNotebook(file, notebook);
      report(file, findings);
    }
  if (wanted.has("rules")) {
    for (const { file, notebook } of notebooks) report(file, checkRules(notebook));
    report(path.resolve(values.folder), checkSize(files));
  }
  if (wanted.has("types")) for (const [file, findings] of checkTypes(notebooks)) report(file, findings);
  const what = `${[...wanted].join(", ")} of the cells in ${files.length} notebooks`;
  console.log(found === 0 ? `Right: ${what}.` : `Wrong: ${found} findings in ${what}.`);
  return found === 0 ? 0 : 1;
}

process.exitCode = await check().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
