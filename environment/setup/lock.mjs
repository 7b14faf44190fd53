// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { BUNDLE_MADE, BUNDLE_USED, STATE, TENSORFLOW_PART } from "./paths.mjs";

const LOCK = path.join(STATE, "lock");

/**
 * Runs one set-up at a time in this folder: a second one waits for the first.
 * @param {() => Promise<void>} work
 */
export async function withLock(work) {
  mkdirSync(STATE, { recursive: true });
  let said = false;
  while (!take()) {
    if (!said) console.log("Set-up: another one is running in this folder, waiting for it.");
    said = true;
    await wait(500);
  }
  try {
    // a killed set-up leaves them behind, and the next may have no need to make them
    for (const left of [TENSORFLOW_PART, BUNDLE_MADE, BUNDLE_USED])
      rmSync(left, { recursive: true, force: true });
    await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  // a killed set-up leaves its lock behind: it is void once its process is gone
  if (!isAlive(Number(readFileSync(LOCK, "utf8")))) rmSync(LOCK, { force: true });
  return false;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
