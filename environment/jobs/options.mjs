// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import { NOTEBOOKS, listNotebooks } from "../notebooks/notebook.mjs";
import { ROOT } from "../setup/paths.mjs";

/** What `npm run story -- --on hf-jobs` takes beside the story's own options. */
export const JOB_OPTIONS = /** @type {const} */ ({
  on: { type: "string" },
  flavor: { type: "string" },
  timeout: { type: "string" },
  image: { type: "string" },
  project: { type: "string" },
  namespace: { type: "string" },
  env: { type: "string", multiple: true },
  artefacts: { type: "boolean" },
  detach: { type: "boolean" },
  follow: { type: "string" },
});

/**
 * @typedef {{ only?: string | undefined, seed?: string | undefined, profile?: string | undefined, folder: string, out: string,
 *   on?: string | undefined, flavor?: string | undefined, timeout?: string | undefined, image?: string | undefined,
 *   project?: string | undefined, namespace?: string | undefined, env?: string[] | undefined, artefacts?: boolean | undefined,
 *   detach?: boolean | undefined, follow?: string | undefined }} StoryValues
 */
/**
 * What is to run, and on what.
 * @typedef {object} JobPlan
 * @property {string} flavor
 * @property {number} timeoutSeconds
 * @property {string} image
 * @property {string | undefined} project where the image holds this project, set up; otherwise it is sent
 * @property {string | undefined} only
 * @property {string} folder of the notebooks, in the repository
 * @property {boolean} artefacts whether the models come back too
 * @property {Record<string, string>} environment variables of the story, and those that were asked for
 */

/** Notebook 4, and those whose artefacts it loads: 1, and 3, which itself loads those of 1. */
const NOTEBOOK_4 = "01,03,04";
/** What says where things lie on this machine, or pushes in the reader's name. */
const NOT_SENT = ["STORY_BUILD", "STORY_HUB_REPO"];
const UNITS = /** @type {Record<string, number>} */ ({ s: 1, m: 60, h: 3600, d: 86_400 });

/**
 * Refuses an option that only a job has, where none was asked for.
 * @param {StoryValues} values
 */
export function refuseJobOptions(values) {
  const stray = Object.keys(JOB_OPTIONS).find((name) => name in values);
  if (stray !== undefined)
    throw new Error(`--${stray} belongs to a story on another machine: say --on hf-jobs too.`);
}

/**
 * @param {StoryValues} values
 * @param {NodeJS.ProcessEnv} env
 * @returns {JobPlan}
 */
export function jobPlan(values, env) {
  if (values.on !== "hf-jobs") throw new Error(`--on is "${values.on ?? ""}"; expected hf-jobs.`);
  const folder = path.resolve(values.folder);
  if (path.relative(ROOT, folder).startsWith(".."))
    throw new Error("--folder must lie in the repository, for that is what the job gets.");
  const only = values.only ?? (folder === NOTEBOOKS ? NOTEBOOK_4 : undefined);
  // a name that is none is better refused before anything is paid for
  listNotebooks(only?.split(","), folder);
  return {
    flavor: values.flavor ?? "a10g-small",
    timeoutSeconds: secondsOf(values.timeout ?? "1h"),
    image: values.image ?? `node:${nodeVersion()}-bookworm`,
    ...{ project: values.project, only, folder, artefacts: values.artefacts ?? false },
    environment: storyVariables(values, env),
  };
}

/** The Node that this project asks for. */
function nodeVersion() {
  return readFileSync(path.join(ROOT, ".nvmrc"), "utf8").trim();
}

/** @param {string} text such as 90s, 30m or 1h */
function secondsOf(text) {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
  const seconds = Math.round(Number(count) * (UNITS[unit || "s"] ?? NaN));
  if (!(seconds >= 1)) throw new Error(`--timeout is "${text}"; expected a time such as 90s, 30m or 1h.`);
  return seconds;
}

/**
 * @param {StoryValues} values
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function storyVariables(values, env) {
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith("STORY_") && !NOT_SENT.includes(name) && value ? [[name, value]] : [],
  );
  const asked = (values.env ?? []).map((pair) => {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) throw new Error(`--env is "${pair}"; expected NAME=VALUE.`);
    if (/TOKEN|SECRET|PASSWORD/i.test(name))
      throw new Error(`--env ${name} would be shown on the job's page: it is not for secrets.`);
    return [name, value];
  });
  return {
    // a GPU is rented for the full story
    STORY_PROFILE: "full",
    ...Object.fromEntries(own),
    ...(values.profile !== undefined && { STORY_PROFILE: values.profile }),
    ...(values.seed !== undefined && { STORY_SEED: values.seed }),
    ...Object.fromEntries(asked),
  };
}
