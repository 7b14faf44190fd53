// @ts-check
/**
 * What runs in a job, once the project is there: set-up, the story, and the push of what came of it, whether the story holds or not.
 * Ends with the story's own exit code. The `RUN_*` variables come from story-on-jobs.mjs.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { PYTHON, ROOT } from "../setup/paths.mjs";
import { maskToken } from "./mask-token.mjs";

/** Kept of a job's time for what comes after the story: pushing models takes a while. */
const LAST_SECONDS = Number(process.env["RUN_LAST_SECONDS"] || 120);
/** Milliseconds; a timer of Node's for more ends at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
const started = Date.now();
const work = path.resolve("run");
const result = path.join(work, "result", variable("RUN_NAME"));
const build = path.join(work, "build");

async function runInJob() {
  await preparePython();
  if ((await run(process.execPath, ["environment/setup.mjs"])) !== 0) return 1;
  const told = await tellStory();
  keepArtefacts();
  await push();
  return told;
}

/** Debian's Python comes without venv, and a slim image without Python. */
async function preparePython() {
  const isReady = existsSync(PYTHON) || process.env["PYTHON"];
  if (isReady || (await run("python3", ["-c", "import ensurepip, venv"], { isQuiet: true })) === 0) return;
  if (process.getuid?.() !== 0) return;
  console.log("Installing python3-venv ...");
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env: quiet });
  const packages = ["python3", "python3-venv"];
  const flags = ["-y", "-qq", "--no-install-recommends"];
  await run("apt-get", ["install", ...flags, ...packages], { env: quiet });
}

async function tellStory() {
  mkdirSync(result, { recursive: true });
  const only = process.env["RUN_ONLY"] ? ["--only", process.env["RUN_ONLY"]] : [];
  const places = ["--folder", variable("RUN_FOLDER"), "--out", path.join(result, "story")];
  const seconds = Number(variable("RUN_SECONDS")) - (Date.now() - started) / 1_000 - LAST_SECONDS;
  return run(process.execPath, ["environment/story.mjs", ...places, ...only], {
    env: { STORY_BUILD: build },
    // a job with less time than that is not worth stopping early
    ...(seconds > LAST_SECONDS && { seconds }),
  });
}

function keepArtefacts() {
  const made = path.join(build, "artefacts");
  if (process.env["RUN_ARTEFACTS"] && existsSync(made)) renameSync(made, path.join(result, "artefacts"));
}

async function push() {
  if (!existsSync(path.join(result, "story"))) return;
  /** @type {typeof import("../../lib/dist/hub/push-to-hub.js")} */
  const { pushToHub } = await import(path.join(ROOT, "lib/dist/hub/push-to-hub.js"));
  const masked = maskToken(result, process.env["HF_TOKEN"]);
  if (masked.length > 0)
    console.log(`The token of the Hub stood in ${masked.join(", ")}; it is replaced there by ***.`);
  const repo = variable("RUN_REPO");
  const commitMessage = `What came of ${variable("RUN_NAME")}`;
  await pushToHub({
    folder: path.join(work, "result"),
    repo,
    repoType: "dataset",
    private: true,
    commitMessage,
  });
  console.log(`The result was pushed to the dataset ${repo}, ${variable("RUN_NAME")}.`);
}

/**
 * Runs a program in the repository, its output in the job's log.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, isQuiet?: boolean, seconds?: number }} [options]
 * @returns {Promise<number>} its exit code
 */
async function run(command, args, { env = {}, isQuiet = false, seconds } = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", isQuiet ? "ignore" : "inherit", isQuiet ? "ignore" : "inherit"],
  });
  const stop = () => {
    console.log(
      "The job's time is nearly over: the story is stopped, so that what there is can be pushed. --timeout gives it more.",
    );
    child.kill("SIGINT");
  };
  const timer =
    seconds === undefined ? undefined : setTimeout(stop, Math.min(seconds * 1_000, LONGEST_TIMER));
  try {
    return await new Promise((resolve) => {
      child.on("error", () => {
        resolve(127);
      });
      child.on("close", (code) => {
        resolve(code ?? 1);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} name */
function variable(name) {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: this program runs in a job that npm run story has started.`);
  return value;
}

process.exitCode = await runInJob().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
