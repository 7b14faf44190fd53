// @ts-check
import { existsSync } from "node:fs";
import { loadRuntime } from "./lib.mjs";

/** @typedef {import("../../lib/dist/index.js").DiagnosisReport} Report */
/** @typedef {import("../../lib/dist/index.js").Subject} Subject */

/** Longer lines are hard to read. */
const MOST_COLUMNS = 110;

/**
 * Reports on standard output, and in the files that were asked for. The text comes first: it is not lost where a file cannot be
 * written.
 * @param {import("./lib.mjs").Lib} lib
 * @param {Report} report
 * @param {{ options: import("./options.mjs").Options, subject: Subject }} about
 */
export async function showReport(lib, report, { options, subject }) {
  const json = `${JSON.stringify(report, null, 2)}\n`;
  // a file or a pipe has no columns
  const { columns } = /** @type {{ columns?: number }} */ (process.stdout);
  const width = columns === undefined ? {} : { width: Math.min(columns, MOST_COLUMNS) };
  process.stdout.write(options.json === "-" ? json : lib.reportText(report, width));
  /** @type {Map<string, string>} */
  const files = new Map();
  if (options.json !== undefined && options.json !== "-") files.set(options.json, json);
  if (options.markdown !== undefined) files.set(options.markdown, report.toMarkdown());
  if (options.html !== undefined) {
    const page = { title: await titleOf(options), lead: leadOf(subject), shown: report };
    files.set(options.html, await lib.htmlPage(page));
  }
  const { writeFileAtomically } = await loadRuntime();
  for (const [file, content] of files)
    try {
      writeFileAtomically(file, content);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      throw new Error(`${file} could not be written (${code ?? "no reason given"}).`, { cause: error });
    }
}

/**
 * A page is passed on: it does not say where on this machine something lies.
 * @param {import("./options.mjs").Options} options
 */
async function titleOf({ model, newModel, sources }) {
  const { shownPath } = await loadRuntime();
  const given = /** @type {Record<string, string | undefined>} */ ({ model, newModel, ...sources });
  const names = Object.values(given).flatMap((name) =>
    name === undefined ? [] : [existsSync(name) ? shownPath(name) : name],
  );
  return `Diagnosis of ${names.join(", ")}`;
}

/** @param {Subject} subject */
function leadOf({ train, validation, test, incoming, model, maxLength }) {
  const sets = Object.entries({ train, validation, test, incoming }).flatMap(([role, set]) =>
    set ? [`${role}: ${set.length.toLocaleString("en-US")} reviews`] : [],
  );
  const cut = model && maxLength !== undefined ? [`at most ${maxLength} tokens of a text are read`] : [];
  return [...sets, ...cut].join("; ");
}
