// @ts-check
/**
 * `npm run story -- --on hf-jobs`: the story as a Hugging Face Job. The project goes as an archive into a private data set of the
 * reader's, `finetune-debug-runs`; the job pushes what comes of it there; this command follows the log and fetches the result.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { bootstrapCommand } from "./bootstrap.mjs";
import { followRun } from "./follow-run.mjs";
import { loadHub } from "./lib.mjs";
import { jobPlan } from "./options.mjs";
import { packProject } from "./project-archive.mjs";

/** @typedef {import("./lib.mjs").HubParts} HubParts */
/** @typedef {import("./options.mjs").JobPlan} JobPlan */

/**
 * @param {import("./options.mjs").StoryValues} values
 * @returns {Promise<number>} the exit code
 */
export async function tellOnJobs(values) {
  const plan = jobPlan(values, process.env);
  const out = path.resolve(values.out);
  // a place that cannot be is better found before anything is paid for
  mkdirSync(path.dirname(out), { recursive: true });
  const hub = await loadHub();
  const namespace = values.namespace ?? (await hub.hubUser());
  if (values.follow !== undefined) {
    const [id = "", owner = namespace] = values.follow.split("/").reverse();
    const job = await hub.inspectJob({ namespace: owner, id });
    return followRun({ hub, job, out, isOwn: false });
  }
  // a setting that lib refuses stops the story here, before it costs anything
  hub.storyProfile(plan.environment);
  const job = await submit(hub, plan, namespace);
  const command = `npm run story -- --on hf-jobs --follow ${job.namespace}/${job.id}`;
  if (values.detach) {
    console.log(`It goes on by itself; \`${command}\` follows it, and fetches the result.`);
    return 0;
  }
  console.log(
    `Ctrl-C cancels it. If this machine goes away, the job goes on: \`${command}\` follows it again.`,
  );
  return followRun({ hub, job, out, isOwn: true });
}

/**
 * @param {HubParts} hub
 * @param {JobPlan} plan
 * @param {string} namespace
 */
async function submit(hub, plan, namespace) {
  const flavor = await hub.jobFlavor(plan.flavor);
  const { hubUrl, accessToken } = hub.hubSettings();
  const name = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}-${randomBytes(2).toString("hex")}`;
  const repo = `${namespace}/finetune-debug-runs`;
  // an image that is set up already is so for its own device
  const sent = plan.project
    ? { RUN_PROJECT: plan.project }
    : {
        ...(await sendProject(hub, plan, { repo, name })),
        SETUP_DEVICE: flavor.hasNvidiaGpu ? "gpu" : "cpu",
      };
  const job = await hub.submitJob({
    ...{ namespace, image: plan.image, command: bootstrapCommand() },
    environment: {
      ...{ HF_ENDPOINT: hubUrl, RUN_REPO: repo, RUN_NAME: name, ...sent },
      ...{ RUN_FOLDER: path.relative(ROOT, plan.folder), RUN_SECONDS: String(plan.timeoutSeconds) },
      ...(plan.only !== undefined && { RUN_ONLY: plan.only }),
      ...(plan.artefacts && { RUN_ARTEFACTS: "1" }),
      ...plan.environment,
    },
    secrets: { HF_TOKEN: accessToken ?? "" },
    ...{ flavor: plan.flavor, timeoutSeconds: plan.timeoutSeconds },
    labels: { name: "finetune-debug", run: name },
  });
  console.log(`The job ${job.namespace}/${job.id} is on ${flavor.prettyName}: ${job.url}`);
  const { costPerMinute } = flavor;
  const most = ((costPerMinute ?? 0) * plan.timeoutSeconds) / 60;
  if (most > 0)
    console.log(`It costs ${costPerMinute?.toFixed(4)} USD a minute, at most ${most.toFixed(2)} USD.`);
  return job;
}

/**
 * @param {HubParts} hub
 * @param {JobPlan} plan
 * @param {{ repo: string, name: string }} run
 */
async function sendProject(hub, { folder }, { repo, name }) {
  const work = mkdtempSync(path.join(os.tmpdir(), "finetune-debug-"));
  try {
    mkdirSync(path.join(work, name));
    const { files, untracked } = packProject(path.join(work, name, "project.tar.gz"), folder);
    if (untracked > 0)
      console.log(`${untracked} files that git does not know stay here: \`git add\` what the job needs.`);
    const commitMessage = `The project for ${name}`;
    const { commit } = await hub.pushToHub({
      ...{ folder: work, repo, repoType: "dataset", private: true, commitMessage },
    });
    console.log(`The project's ${files} files are in the private dataset ${repo}, ${name}.`);
    return { RUN_COMMIT: commit };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
