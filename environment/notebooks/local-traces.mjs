// @ts-check
import os from "node:os";
import { ROOT } from "../setup/paths.mjs";
import { joined } from "./notebook.mjs";
import { pictureText, withoutPictures } from "./picture-text.mjs";

/** Places that only some machine has, and words that open doors. */
const PATTERNS = [
  /(?:\/home\/|\/Users\/|[A-Z]:\\+Users\\+)[\w.-]+/,
  /(?<![\w.~/-])\/(?:tmp|root|private|var\/folders)\/[\w.-]+/,
  /file:\/\/\/\S*/,
  /\bhf_[A-Za-z0-9]{20,}\b/,
  /[?&]token=[0-9a-f]{16,}/,
  // Weights & Biases: keys of 40 hexadecimal digits, as a commit's name has them too, and newer ones
  /\bwandb_v\d_\w{20,}/,
  /\bwandb[\w.-]*[^\n]{0,40}?(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/i,
  /\b(?:DESKTOP|LAPTOP)-[A-Z0-9]{7,}\b/,
  /\bip-\d+-\d+-\d+-\d+\b/,
  /\b[\w-]+(?:\.local|\.lan|\.internal)\b/,
];

/**
 * Finds what a saved notebook would tell of the machine that made it: paths, its name, tokens; in sources, outputs and metadata.
 * @param {import("./notebook.mjs").Notebook} notebook
 * @param {{ root?: string, home?: string, host?: string }} [machine]
 * @returns {string[]} one line each: the cell and what was found
 */
export function findLocalTraces(notebook, { root = ROOT, home = os.homedir(), host = os.hostname() } = {}) {
  const names = [
    ...[root, home].filter(isTelling),
    ...(host.length > 4 && /[\d.-]/.test(host) ? [host] : []),
  ];
  const patterns = [...names.map((name) => new RegExp(`(?<!\\w)${escape(name)}(?!\\w)`)), ...PATTERNS];
  const find = (/** @type {string} */ where, /** @type {string[]} */ texts) =>
    texts.flatMap((text) => {
      const found = patterns.map((pattern) => pattern.exec(text)?.[0]).find(Boolean);
      return found ? [`${where} shows ${mask(found)}`] : [];
    });
  let code = 0;
  const cells = notebook.cells.flatMap((cell, index) => {
    const where = cell.cell_type === "code" ? `cell [${(code += 1)}]` : `the notebook's part ${index + 1}`;
    const own = [joined(cell.source), JSON.stringify(cell.metadata), JSON.stringify(cell.attachments ?? {})];
    return find(where, [withoutPictures(own.join("\n")), ...(cell.outputs ?? []).map(outputText)]);
  });
  return [...find("its metadata", [JSON.stringify(notebook.metadata)]), ...cells];
}

/**
 * Whether a folder says something of its machine: /app, /work and /root are everywhere. So are hosts that are called by a word alone, as
 * Docker's services are: `notebook`.
 * @param {string} folder
 */
function isTelling(folder) {
  return folder.split(/[\\/]/).filter(Boolean).length > 1;
}

/**
 * All that an output says, its pictures aside but for what is written into them.
 * @param {import("./notebook.mjs").Output} output
 */
function outputText(output) {
  const shown = Object.entries(output.data ?? {}).map(([type, value]) => {
    if (typeof value !== "string" && !Array.isArray(value)) return JSON.stringify(value);
    const text = joined(/** @type {string | string[]} */ (value));
    if (type === "image/png") return pictureText(text);
    return type === "image/jpeg" ? "" : withoutPictures(text);
  });
  const error = [output.ename, output.evalue, ...(output.traceback ?? [])];
  return [joined(output.text), ...error, ...shown, JSON.stringify(output.metadata ?? {})].join("\n");
}

/** @param {string} found */
function mask(found) {
  return found.replace(/^(hf_|[?&]token=|wandb).*/i, "$1...");
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
