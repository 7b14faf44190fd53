// @ts-check
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { STATE } from "./paths.mjs";

/**
 * One thing that set-up makes.
 * @typedef {object} Step
 * @property {string} name of its stamp
 * @property {string} title what it makes, in plain words
 * @property {number} seconds about how long it takes on two cores, for the progress line
 * @property {() => string} key changes whenever what was made must be made again
 * @property {() => boolean} present whether what it makes is there
 * @property {(say: (what: string) => void) => Promise<void>} [prepare] makes it beside what is in use, which stays if this fails
 * @property {(say: (what: string) => void) => Promise<void>} make
 */

/**
 * A key over files and words: the same exactly as long as all of them are.
 * @param {{ files?: string[], words?: string[] }} parts
 */
export function keyOf({ files = [], words = [] }) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${path.basename(file)}\0`).update(readFileSync(file));
  for (const word of words) hash.update(`\0${word}`);
  return hash.digest("hex");
}

/**
 * Whether a step has nothing to do. Only a step that ran to its end leaves a stamp, so an interrupted one is not done.
 * @param {Step} step
 */
export function isDone(step) {
  const stamp = stampOf(step);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === step.key() && step.present();
}

/**
 * Makes what a step makes, and stamps it once all of it is there.
 * @param {Step} step
 * @param {(what: string) => void} say
 */
export async function make(step, say) {
  mkdirSync(STATE, { recursive: true });
  const stamp = stampOf(step);
  await step.prepare?.(say);
  rmSync(stamp, { force: true });
  await step.make(say);
  writeFileSync(`${stamp}.part`, step.key());
  renameSync(`${stamp}.part`, stamp);
}

/** @param {Step} step */
function stampOf(step) {
  return path.join(STATE, `${step.name}.stamp`);
}
