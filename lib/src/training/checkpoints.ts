import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically } from "../runtime/atomic-file";
import type { DistilBertForSequenceClassification } from "../model/sequence-classification";
import { trainerStateJson, type TrainerState } from "./trainer-state";

/** Writes `checkpoint-<step>` with weights, config and trainer_state.json: the folder is whole or absent. Returns it. */
export function saveCheckpoint(params: {
  outputDir: string;
  model: DistilBertForSequenceClassification;
  state: TrainerState;
}): string {
  const { outputDir, model, state } = params;
  const folder = path.join(outputDir, `checkpoint-${state.globalStep}`);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  try {
    mkdirSync(part, { recursive: true });
    model.savePretrained(part);
    writeFileAtomically(path.join(part, "trainer_state.json"), trainerStateJson(state));
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/** The checkpoints of a folder, oldest first. */
export function listCheckpoints(outputDir: string): string[] {
  const steps = readdirSync(outputDir).flatMap((name) => {
    const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
    return step === undefined ? [] : [Number(step)];
  });
  return steps.sort((left, right) => left - right).map((step) => path.join(outputDir, `checkpoint-${step}`));
}

/** Removes the oldest checkpoints beyond a limit; the best one always stays (transformers' `rotate_checkpoints`). */
export function rotateCheckpoints(params: {
  outputDir: string;
  limit: number | null;
  best: string | null;
}): void {
  const { outputDir, limit, best } = params;
  if (limit === null) return;
  const all = listCheckpoints(outputDir);
  // the newest stays too, so that a run can go on: with a limit of 1 there may be two
  const staying = new Set([...all.slice(-1), ...(best ? [best] : [])]);
  const others = all.filter((folder) => !staying.has(folder));
  const room = Math.max(0, limit - staying.size);
  for (const folder of others.slice(0, others.length - room))
    rmSync(folder, { recursive: true, force: true });
}
