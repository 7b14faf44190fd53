import { rmSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically, writeFolderAtomically } from "../runtime/atomic-file";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { trainerStateJson, type TrainerState } from "./trainer-state";

/** Writes `checkpoint-<step>` with weights, config and trainer_state.json: the folder is whole or absent. Returns it. */
export function saveCheckpoint(params: {
  outputDir: string;
  model: SequenceClassificationModel;
  state: TrainerState;
  /** Whether this is the best so far: its own trainer_state.json says so. */
  isBest: boolean;
}): string {
  const { outputDir, model, isBest } = params;
  const folder = path.join(outputDir, `checkpoint-${params.state.globalStep}`);
  const state = isBest ? { ...params.state, bestModelCheckpoint: folder } : params.state;
  writeFolderAtomically(folder, (part) => {
    model.savePretrained(part);
    writeFileAtomically(path.join(part, "trainer_state.json"), trainerStateJson(state));
  });
  return folder;
}

/**
 * Removes a run's oldest checkpoints beyond a limit and returns those that stay; the best one and the newest always do
 * (transformers' `rotate_checkpoints`). Checkpoints of other runs in the same folder are nobody's to remove.
 *
 * @param params - `written`: the run's checkpoints, oldest first
 */
export function rotateCheckpoints(params: {
  written: readonly string[];
  limit: number | null;
  best: string | null;
}): string[] {
  const { written, limit, best } = params;
  if (limit === null || limit <= 0) return [...written];
  // the newest stays, so that a run can go on: with a limit of 1 there may be two
  const staying = new Set([...written.slice(-1), ...(best ? [best] : [])]);
  const others = written.filter((folder) => !staying.has(folder));
  const room = Math.max(0, limit - staying.size);
  const surplus = new Set(others.slice(0, others.length - room));
  for (const folder of surplus) rmSync(folder, { recursive: true, force: true });
  return written.filter((folder) => !surplus.has(folder));
}
