// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { STATE } from "../setup/paths.mjs";
import { showStep } from "../setup/progress.mjs";
import { executeNotebook } from "./execute.mjs";
import { nameOf } from "./notebook.mjs";

/** How long each notebook took here the last time: what the progress line counts down from. */
const TIMES = path.join(STATE, "notebook-seconds.json");
/** Before a notebook has run here: what a short training takes on two cores. */
const FIRST_GUESS = 90;

/**
 * Executes a notebook and shows how far it is.
 * @param {Parameters<typeof executeNotebook>[0] & { title: string, onCell?: (seconds: number) => void }} params onCell: is told
 *   how long each cell took
 */
export async function showNotebook({ title, onCell, ...params }) {
  const name = nameOf(params.file);
  const show = showStep(title, expectedSeconds(name));
  let at = "";
  const result = await executeNotebook({
    ...params,
    onReport(report) {
      if (report.event === "cell") show.say((at = `cell ${report.number} of ${report.of}`));
      if (report.event === "ran") onCell?.(report.seconds);
      // in a log, a line for every step of a training would bury everything else
      if (report.event === "doing" && process.stdout.isTTY) show.say(`${at}, ${report.text}`);
    },
  });
  if (result.ok) {
    show.done();
    rememberSeconds(name, result.seconds);
  } else {
    show.failed();
    console.log(`    ${result.error ?? ""}`);
  }
  return result;
}

/**
 * About how long a notebook takes.
 * @param {string} name
 */
export function expectedSeconds(name) {
  return Math.ceil(knownSeconds()[name] ?? FIRST_GUESS);
}

/** @returns {Record<string, number>} */
function knownSeconds() {
  try {
    return /** @type {Record<string, number>} */ (JSON.parse(readFileSync(TIMES, "utf8")));
  } catch {
    return {};
  }
}

/**
 * @param {string} name
 * @param {number} seconds
 */
function rememberSeconds(name, seconds) {
  mkdirSync(STATE, { recursive: true });
  writeFileSync(TIMES, JSON.stringify({ ...knownSeconds(), [name]: seconds }, null, 1));
}
