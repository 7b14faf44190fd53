// @ts-check
import { rmSync } from "node:fs";
import path from "node:path";
import { BUILD, ROOT } from "../setup/paths.mjs";

/** What the notebooks make there (lib/src/story); all else in build/ belongs to others. */
const MADE_BY_NOTEBOOKS = ["artefacts", "checkpoints", "hub", "verdicts", "work"];

/**
 * The folder in which notebooks leave things for each other.
 * @param {NodeJS.ProcessEnv} env that they run in
 */
export function storyBuild(env) {
  return env["STORY_BUILD"] ? path.resolve(ROOT, env["STORY_BUILD"]) : BUILD;
}

/**
 * Removes everything that notebooks have made, so that a story begins with its first notebook.
 * @param {string} build
 */
export function clearStory(build) {
  for (const name of MADE_BY_NOTEBOOKS) rmSync(path.join(build, name), { recursive: true, force: true });
}
