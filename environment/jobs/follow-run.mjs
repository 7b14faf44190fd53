// @ts-check
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { conclude } from "../notebooks/conclude.mjs";
import { storyBuild } from "../notebooks/story-build.mjs";

/** @typedef {import("./lib.mjs").HubParts} HubParts */
/** @typedef {import("../../lib/dist/hub/jobs/hub-job.js").HubJob} HubJob */

/** Of a job's log, shown again at its end if it failed. */
const LAST_LINES = 5;

/**
 * Follows a job's log to its end, fetches what it left, and says how it came out.
 * @param {{ hub: HubParts, job: HubJob, out: string, isOwn: boolean }} params `isOwn`: whether this command started it, so that
 *   Ctrl-C cancels it; otherwise Ctrl-C only ends following
 * @returns {Promise<number>} the exit code
 */
export async function followRun({ hub, job, out, isOwn }) {
  const { RUN_REPO: repo, RUN_NAME: name } = job.environment;
  if (!repo || !name) throw new Error(`The job ${job.id} is none of this project's: it has no RUN_NAME.`);
  const controller = new AbortController();
  const stop = () => {
    controller.abort();
  };
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM"]);
  for (const signal of signals) process.once(signal, stop);
  /** @type {string[]} */
  const last = [];
  try {
    const ended = await hub.followJob({
      ...{ job, signal: controller.signal },
      onLine: (line) => {
        console.log(line);
        last.push(line);
        if (last.length > LAST_LINES) last.shift();
      },
      onTrouble: (error, seconds) => {
        console.error(`${error.message} The job goes on; the next try is in ${seconds} s.`);
      },
    });
    return await finish({ hub, ended, out, run: { repo, name }, last });
  } catch (error) {
    if (controller.signal.aborted) return await leave(hub, job, isOwn);
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`${words} Following ended, the job may go on: ${howToFollow(job)}.`, { cause: error });
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** @param {HubJob} job */
function howToFollow({ namespace, id }) {
  return `\`npm run story -- --on hf-jobs --follow ${namespace}/${id}\` follows it again`;
}

/**
 * @param {HubParts} hub
 * @param {HubJob} job
 * @param {boolean} isOwn
 */
async function leave(hub, job, isOwn) {
  if (!isOwn) {
    console.error(`\nThe job goes on, and is not followed any more: ${howToFollow(job)}.`);
    return 130;
  }
  console.error("\nCancelling the job ...");
  try {
    await hub.cancelHubJob(job);
    console.error("The job is cancelled; what it had not pushed yet is lost.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`The job was NOT cancelled, and may go on and cost: end it at ${job.url}.`);
  }
  return 130;
}

/**
 * @param {{ hub: HubParts, ended: HubJob, out: string, run: { repo: string, name: string }, last: string[] }} params
 * @returns {Promise<number>}
 */
async function finish({ hub, ended, out, run, last }) {
  const { stage, message = "no reason given" } = ended;
  const isWhole = stage === "COMPLETED";
  const hasResult = await fetchResult({ hub, ended, out, run });
  if (!isWhole) {
    console.error(`The job ended as ${stage} (${message}). The last lines of its log:`);
    for (const line of last) console.error(`    ${line}`);
    if (/time.?out/i.test(message)) console.error("Its time was over: give it more with --timeout.");
  }
  if (!hasResult) {
    console.error(`The job left no result in the dataset ${run.repo}, ${run.name}. Its page: ${ended.url}`);
    return 1;
  }
  /** @type {import("../notebooks/summary.mjs").Summary} */
  const summary = JSON.parse(readFileSync(path.join(out, "summary.json"), "utf8"));
  const code = conclude(summary, out);
  return isWhole ? code : 1;
}

/**
 * Puts what the job left into its place, once all of it is here; without a summary, what lies there stays.
 * @param {{ hub: HubParts, ended: HubJob, out: string, run: { repo: string, name: string } }} params
 */
async function fetchResult({ hub, ended, out, run: { repo, name } }) {
  const part = mkdtempSync(path.join(path.dirname(out), "fetched-"));
  try {
    const files = await hub.pullDatasetFiles({ repo, from: `${name}/story`, to: part }).catch(missing);
    if (!existsSync(path.join(part, "summary.json"))) return false;
    console.log(`Fetched from the dataset ${repo}, ${name}: ${files.join(", ")}.`);
    rmSync(out, { recursive: true, force: true });
    renameSync(part, out);
    if (ended.environment["RUN_ARTEFACTS"]) {
      const to = path.join(storyBuild(process.env), "artefacts");
      const made = await hub.pullDatasetFiles({ repo, from: `${name}/artefacts`, to });
      console.log(`Artefacts: ${made.length} files into ${path.relative(process.cwd(), to)}.`);
    }
    return true;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/**
 * Nothing was ever pushed by a run that sent nothing and failed.
 * @param {unknown} error
 * @returns {string[]}
 */
function missing(error) {
  if (/** @type {{ failure?: string }} */ (error).failure === "no-repo") return [];
  throw error;
}
