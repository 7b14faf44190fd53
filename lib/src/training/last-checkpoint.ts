import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { CheckpointError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { damageOf } from "./checkpoint-manifest";

/** The checkpoints of a folder, newest first, whole or not. */
function checkpointsIn(outputDir: string): string[] {
  if (!existsSync(outputDir)) return [];
  return readdirSync(outputDir)
    .filter((name) => /^checkpoint-\d+$/.test(name))
    .sort((left, right) => stepOf(right) - stepOf(left))
    .map((name) => path.join(outputDir, name));
}

/**
 * The newest whole checkpoint of a folder (transformers' `get_last_checkpoint`, which does not look into it). A damaged one
 * that is newer is named in a warning.
 *
 * @throws CheckpointError where there is none, naming what is wrong with those that there are
 */
export function lastCheckpoint(outputDir: string): string {
  const damaged: string[] = [];
  for (const folder of checkpointsIn(outputDir)) {
    const damage = damageOf(folder);
    if (damage === undefined) {
      if (damaged.length > 0)
        console.warn(`${damaged.join("; ")}. Training goes on from ${shownPath(folder)} instead.`);
      return folder;
    }
    damaged.push(`${shownPath(folder)} is damaged: it ${damage}`);
  }
  const what = damaged.length > 0 ? damaged.join("; ") : "found none at all";
  throw new CheckpointError(
    `${shownPath(outputDir)} has no whole checkpoint to go on from: ${what}. Train from the start: leave resumeFromCheckpoint out.`,
  );
}

/** Makes the folder of a run's checkpoints, without what a run that was killed while it saved left: `checkpoint-<step>.part`. */
export function prepareFolder(outputDir: string): void {
  mkdirSync(outputDir, { recursive: true });
  for (const name of readdirSync(outputDir).filter((each) => /^checkpoint-\d+\.part$/.test(each)))
    rmSync(path.join(outputDir, name), { recursive: true, force: true });
}

function stepOf(name: string): number {
  return Number(name.replace("checkpoint-", ""));
}
