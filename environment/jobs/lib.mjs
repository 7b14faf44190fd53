// @ts-check
import path from "node:path";
import { requireSetup } from "../require-setup.mjs";
import { ROOT } from "../setup/paths.mjs";

const inLib = (/** @type {string} */ file) => path.join(ROOT, "lib/dist", file);

/** The parts of lib that speak to a Hub, without TensorFlow. */
export async function loadHub() {
  requireSetup();
  /** @type {typeof import("../../lib/dist/hub/jobs/hub-job.js")} */
  const { submitJob, inspectJob, cancelHubJob } = await import(inLib("hub/jobs/hub-job.js"));
  /** @type {typeof import("../../lib/dist/hub/jobs/follow-job.js")} */
  const { followJob } = await import(inLib("hub/jobs/follow-job.js"));
  /** @type {typeof import("../../lib/dist/hub/jobs/job-flavors.js")} */
  const { jobFlavor } = await import(inLib("hub/jobs/job-flavors.js"));
  /** @type {typeof import("../../lib/dist/hub/push-to-hub.js")} */
  const { pushToHub } = await import(inLib("hub/push-to-hub.js"));
  /** @type {typeof import("../../lib/dist/hub/pull-dataset-files.js")} */
  const { pullDatasetFiles } = await import(inLib("hub/pull-dataset-files.js"));
  /** @type {typeof import("../../lib/dist/hub/hub-user.js")} */
  const { hubUser } = await import(inLib("hub/hub-user.js"));
  /** @type {typeof import("../../lib/dist/hub/hub-options.js")} */
  const { hubSettings } = await import(inLib("hub/hub-options.js"));
  /** @type {typeof import("../../lib/dist/story/profile.js")} */
  const { storyProfile } = await import(inLib("story/profile.js"));
  return {
    ...{ submitJob, inspectJob, cancelHubJob, followJob, jobFlavor },
    ...{ pushToHub, pullDatasetFiles, hubUser, hubSettings, storyProfile },
  };
}

/** @typedef {Awaited<ReturnType<typeof loadHub>>} HubParts */
