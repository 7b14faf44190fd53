// @ts-check
import { SetupError, explainFailure } from "./error.mjs";
import { showStep } from "./progress.mjs";
import { isDone, make } from "./step.mjs";

/**
 * The steps that have something to do.
 * @param {import("./step.mjs").Step[]} steps
 * @param {ReadonlyMap<import("./step.mjs").Step, import("./step.mjs").Step>} [inside] for a step, the one in whose folder it makes
 *   something: where that is made anew, it is gone
 */
export function missingSteps(steps, inside = new Map()) {
  return steps.filter((step) => {
    const around = inside.get(step);
    return !isDone(step) || (around !== undefined && !isDone(around));
  });
}

/**
 * Makes what is missing, a line or more for each step.
 * @param {import("./step.mjs").Step[]} missing
 * @param {number} all how many steps there are
 */
export async function makeSteps(missing, all) {
  const minutes = missing.reduce((sum, step) => sum + step.seconds, 0) / 60;
  console.log(`Set-up: ${missing.length} of ${all} steps, about ${minutes.toFixed(1)} minutes.`);
  for (const [index, step] of missing.entries()) {
    const show = showStep(`[${index + 1}/${missing.length}] ${step.title}`, step.seconds);
    try {
      await make(step, show.say);
      show.done();
    } catch (error) {
      show.failed();
      throw error;
    }
  }
}

/**
 * Runs a set-up; what stops it is told in one line, and makes this process end with 1.
 * @param {() => Promise<void>} setUp
 */
export async function orExplain(setUp) {
  try {
    await setUp();
  } catch (error) {
    const known = error instanceof SetupError ? error : explainFailure("Set-up", String(error), "above");
    console.error(`Set-up stopped. ${known.message}`);
    if (process.env["DEBUG"]) console.error(error);
    process.exitCode = 1;
  }
}
