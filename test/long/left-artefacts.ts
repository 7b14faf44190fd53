import { existsSync } from "node:fs";
import path from "node:path";
import { loadArtefact, loadArtefactFolder } from "../../lib/src/story/artefacts";
import { storyProfile } from "../../lib/src/story/profile";
import { ROOT } from "../environment/programs";

const LEFT = path.join(ROOT, "build/nbval/build");
/** What notebooks take from earlier ones. */
const VALUES = ["01-broken-first-attempt", "03-balanced-fix", "04-gpu-fine-tuning", "05-label-mapping-check"];
const MODELS = [
  ["01-broken-first-attempt", "kept"],
  ["04-gpu-fine-tuning", "model"],
] as const;

/**
 * The folder with what the story's notebooks left for each other when nbval last ran them, so that a test may begin in the middle
 * of the story.
 *
 * @returns undefined if something is missing or no longer fits
 */
export function leftByNbval(): string | undefined {
  if (!existsSync(LEFT)) return undefined;
  const before = process.env["STORY_BUILD"];
  process.env["STORY_BUILD"] = LEFT;
  try {
    const { settings } = storyProfile();
    for (const notebook of VALUES) loadArtefact({ notebook, name: "result", settings });
    for (const [notebook, name] of MODELS) loadArtefactFolder({ notebook, name, settings });
    return path.join(LEFT, "artefacts");
  } catch {
    return undefined;
  } finally {
    if (before === undefined) delete process.env["STORY_BUILD"];
    else process.env["STORY_BUILD"] = before;
  }
}
