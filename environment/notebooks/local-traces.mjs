// @ts-check
import os from "node:os";
import { ROOT } from "../setup/paths.mjs";
import { codeCells, joined } from "./notebook.mjs";

/** Places that only some machine has, and words that open doors. */
const PATTERNS = [
  /(?:\/home\/|\/Users\/|[A-Z]:\\+Users\\+)[\w.-]+/,
  /(?<![\w.~/-])\/(?:tmp|root|private|var\/folders)\/[\w.-]+/,
  /file:\/\/\/\S*/,
  /\bhf_[A-Za-z0-9]{20,}\b/,
  /[?&]token=[0-9a-f]{16,}/,
];

/**
 * Finds what a saved output would tell of the machine that made it: paths, its name, tokens.
 * @param {import("./notebook.mjs").Notebook} notebook
 * @param {{ root?: string, home?: string, host?: string }} [machine]
 * @returns {string[]} one line each: the cell and what was found
 */
export function findLocalTraces(notebook, { root = ROOT, home = os.homedir(), host = os.hostname() } = {}) {
  const names = [
    root,
    ...(home.length > 5 ? [home] : []),
    ...(host.length > 4 && host !== "localhost" ? [host] : []),
  ];
  const patterns = [...names.map((name) => new RegExp(`(?<!\\w)${escape(name)}(?!\\w)`)), ...PATTERNS];
  return codeCells(notebook).flatMap(({ cell, number }) =>
    (cell.outputs ?? []).flatMap((output) => {
      const text = outputText(output);
      const found = patterns.map((pattern) => pattern.exec(text)?.[0]).find(Boolean);
      return found ? [`cell [${number}] shows ${mask(found)}`] : [];
    }),
  );
}

/**
 * All that an output says, pictures aside: in their base64 any name may stand by chance.
 * @param {import("./notebook.mjs").Output} output
 */
function outputText(output) {
  const data = Object.entries(output.data ?? {}).filter(([type]) => !/^image\/(png|jpeg)$/.test(type));
  const shown = data.map(([, value]) =>
    typeof value === "string" || Array.isArray(value)
      ? joined(/** @type {string | string[]} */ (value))
      : JSON.stringify(value),
  );
  const error = [output.ename, output.evalue, ...(output.traceback ?? [])];
  return [joined(output.text), ...error, ...shown].join("\n");
}

/** @param {string} found */
function mask(found) {
  return found.replace(/^(hf_|[?&]token=).*/, "$1...");
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
