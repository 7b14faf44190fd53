// @ts-check
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { PYTHON, ROOT } from "../setup/paths.mjs";

const HELPER = path.join(ROOT, "environment/notebooks/execute_notebook.py");

/**
 * What execute_notebook.py reports, one object a line.
 * @typedef {{ event: "cell", number: number, of: number }
 *   | { event: "ran", number: number, seconds: number }
 *   | { event: "doing", text: string }
 *   | { event: "error", number?: number, name: string, message: string }
 *   | { event: "complete" }
 *   | { event: "end", peakBytes: number }} Report
 */
/**
 * @typedef {object} Execution
 * @property {boolean} ok whether every cell ran to its end
 * @property {string} [error] one line: which cell failed, and how
 * @property {number} seconds
 * @property {number} peakBytes the most memory that the kernel held
 */

/**
 * Executes a notebook from its first cell in a fresh kernel, and writes it with its outputs to another file.
 * @param {object} params
 * @param {string} params.file
 * @param {string} [params.folder] in which its cells run: its own, unless told otherwise
 * @param {string} params.out
 * @param {NodeJS.ProcessEnv} params.env
 * @param {(report: Report) => void} [params.onReport]
 * @param {AbortSignal} [params.signal] stops it, and its kernel
 * @returns {Promise<Execution>}
 */
export async function executeNotebook({ file, folder = path.dirname(file), out, env, onReport, signal }) {
  const started = Date.now();
  // in a process group of its own: Ctrl-C reaches it through its stdin, once, and also when this process is killed
  const child = spawn(PYTHON, [HELPER, file, folder, out], { env, detached: true, stdio: "pipe" });
  const stop = () => void child.stdin.destroy();
  signal?.addEventListener("abort", stop);
  let printed = "";
  child.stderr.on("data", (/** @type {Buffer} */ chunk) => {
    printed = (printed + chunk.toString()).slice(-4000);
  });
  /** @type {Report[]} */
  const reports = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const report = /** @type {Report} */ (JSON.parse(line));
    reports.push(report);
    onReport?.(report);
  });
  if (signal?.aborted) stop();
  await new Promise((resolve) => {
    child.on("error", (error) => {
      printed += String(error);
      resolve(undefined);
    });
    child.on("close", resolve);
  });
  signal?.removeEventListener("abort", stop);
  return { ...conclude(reports, printed), seconds: Math.round((Date.now() - started) / 100) / 10 };
}

/**
 * @param {Report[]} reports
 * @param {string} printed
 */
function conclude(reports, printed) {
  const peakBytes = reports.find((report) => report.event === "end")?.peakBytes ?? 0;
  if (reports.some(({ event }) => event === "complete")) return { ok: true, peakBytes };
  const failure = reports.find((report) => report.event === "error");
  if (!failure) {
    const last = printed.trim().split("\n").at(-1);
    return { ok: false, peakBytes, error: `could not be executed: ${last || "no reason given"}` };
  }
  const last = reports.findLast((report) => report.event === "cell");
  const number = failure.number ?? last?.number;
  const where = number === undefined ? "before the first cell" : `cell [${number}]`;
  return { ok: false, peakBytes, error: `${where}: ${failure.name}: ${firstLine(failure.message)}` };
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split("\n")[0] ?? "";
}
