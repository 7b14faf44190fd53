// @ts-check
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { SetupError, explainFailure } from "./error.mjs";
import { ROOT, STATE } from "./paths.mjs";

const LOG = path.join(STATE, "setup.log");

/**
 * Runs a tool quietly, keeps what it prints in set-up's log, and explains its failure in one line.
 * @param {string} what its job in plain words, for the error
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, refusal?: number }} [options] refusal: the exit status with which what the tool
 *   printed is the one line itself
 * @returns {Promise<string>} what it printed
 */
export async function run(what, command, args, { cwd = ROOT, env = {}, refusal } = {}) {
  mkdirSync(STATE, { recursive: true });
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, answer] = ["", ""];
  const keep = (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  // an interpreter's warnings are no part of what it answers
  child.stdout.on("data", (/** @type {Buffer} */ chunk) => (answer += chunk.toString()));
  /** @type {number | null} */
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      output += String(error);
      resolve(127);
    });
    child.on("close", resolve);
  });
  try {
    appendFileSync(LOG, `$ ${command} ${args.join(" ")}\n${output}\n`);
  } catch {
    // a full disk must not hide the error that says so
  }
  if (code !== 0 && code === refusal) throw new SetupError(output.trim());
  if (code !== 0) throw explainFailure(what, output, path.relative(ROOT, LOG));
  return answer;
}
