// @ts-check
/**
 * `npm run story -- [--seed N] [--profile P] [--only 01,03]`: executes the notebooks in order into build/story/; with
 * `--on hf-jobs`, on a machine that the Hugging Face Hub lends (jobs/README.md).
 * A notebook that fails does not stop those after it: they refuse by themselves what it should have left for them, and
 * those that need nothing of it still tell what they find.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { jupyterEnvironment } from "./jupyter-environment.mjs";
import { refuseJobOptions, JOB_OPTIONS } from "./jobs/options.mjs";
import { tellOnJobs } from "./jobs/story-on-jobs.mjs";
import { conclude } from "./notebooks/conclude.mjs";
import { interruptible } from "./notebooks/interruptible.mjs";
import { NOTEBOOKS, listNotebooks, nameOf } from "./notebooks/notebook.mjs";
import { clearStory, storyBuild } from "./notebooks/story-build.mjs";
import { expectedSeconds, showNotebook } from "./notebooks/show-notebook.mjs";
import { summarizeNotebook, verdictFile, writeSummary } from "./notebooks/summary.mjs";
import { requireSetup } from "./require-setup.mjs";
import { BUILD, PYTHON, ROOT } from "./setup/paths.mjs";
import { tensorflowVersion } from "./doctor/tensorflow.mjs";

const PAGE_MAKER = path.join(ROOT, "environment/notebooks/story_page.py");

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    profile: { type: "string" },
    only: { type: "string" },
    // for the tests, which tell stories of their own
    folder: { type: "string", default: NOTEBOOKS },
    out: { type: "string", default: path.join(BUILD, "story") },
    ...JOB_OPTIONS,
  },
});
const OUT = path.resolve(values.out);

/** @param {AbortSignal} signal */
async function tell(signal) {
  requireSetup();
  const files = listNotebooks(values.only?.split(","), path.resolve(values.folder));
  const env = storyEnvironment();
  const about = await aboutStory(env);
  const build = storyBuild(env);
  if (!values.only) clearStory(build);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const minutes = files.reduce((sum, file) => sum + expectedSeconds(nameOf(file)), 0) / 60;
  console.log(
    `The story: ${files.length} notebooks, profile ${about.profile}, about ${minutes.toFixed(1)} minutes.`,
  );
  /** @type {import("./notebooks/summary.mjs").NotebookSummary[]} */
  const notebooks = [];
  for (const [index, file] of files.entries()) {
    if (signal.aborted) break;
    rmSync(verdictFile(build, file), { force: true });
    const title = `[${index + 1}/${files.length}] ${nameOf(file)}`;
    const out = path.join(OUT, path.basename(file));
    const notebook = summarizeNotebook(build, file, await showNotebook({ title, file, out, env, signal }));
    notebooks.push(notebook);
    for (const { ok, question, value, threshold } of notebook.verdicts)
      console.log(`    ${ok ? "ok " : "NOT"} ${question}: ${value} (${threshold})`);
    writeSummary(OUT, { ...about, notebooks }, files.length);
  }
  if (signal.aborted) return 130;
  makePage(files);
  return conclude(writeSummary(OUT, { ...about, notebooks }, files.length), OUT);
}

function storyEnvironment() {
  return jupyterEnvironment({
    STORY_BUILD: storyBuild(process.env),
    ...(values.seed === undefined ? {} : { STORY_SEED: values.seed }),
    ...(values.profile === undefined ? {} : { STORY_PROFILE: values.profile }),
  });
}

/**
 * What summary.json says of the run; a profile or seed that lib refuses stops the story here, in one line.
 * @param {NodeJS.ProcessEnv} env
 */
async function aboutStory(env) {
  /** @type {typeof import("../lib/dist/story/profile.js")} */
  const lib = await import(path.join(ROOT, "lib/dist/story/profile.js"));
  const { name: profile, seed } = lib.storyProfile(env).settings;
  const own = ["STORY_SEED", "STORY_PROFILE", "STORY_BUILD"];
  const overrides = Object.entries(env).filter(([name]) => name.startsWith("STORY_") && !own.includes(name));
  return {
    profile,
    seed,
    overrides: /** @type {Record<string, string>} */ (Object.fromEntries(overrides)),
    node: process.versions.node,
    tensorflow: tensorflowVersion() ?? null,
  };
}

/** @param {string[]} files */
function makePage(files) {
  const executed = files.map((file) => path.join(OUT, path.basename(file)));
  const page = path.join(OUT, "index.html");
  execFileSync(PYTHON, [PAGE_MAKER, page, "The story", ...executed], {
    env: jupyterEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** @returns {Promise<number>} */
async function whereAsked() {
  if (values.on !== undefined) return tellOnJobs(values);
  refuseJobOptions(values);
  return interruptible(tell);
}

process.exitCode = await whereAsked().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
