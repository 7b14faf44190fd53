import { rmSync, statfsSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically, writeFolderAtomically } from "../runtime/atomic-file";
import { CheckpointError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { writeSafetensors } from "../model/safetensors";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { AdamW } from "./adamw";
import { writeManifest } from "./checkpoint-manifest";
import type { DatasetDigest } from "./dataset-digest";
import { trainingArgumentsJson } from "./stored-arguments";
import { trainerStateJson, type StoredState } from "./trainer-state";

/** What a checkpoint holds. */
export interface CheckpointContents extends StoredState {
  model: SequenceClassificationModel;
  optimizer: AdamW;
  trainDataset: DatasetDigest;
  /** Whether this is the best so far: its own trainer_state.json says so. */
  isBest: boolean;
}

/**
 * Writes `checkpoint-<step>` as transformers lays it out, safetensors and JSON in place of its pickles: the folder is whole or
 * absent. Returns it.
 *
 * There is no state of a random generator: order and dropout follow from the seed and the step alone.
 *
 * @throws CheckpointError where the disk is full; what was written before stays
 */
export function saveCheckpoint(contents: CheckpointContents): string {
  const { args, model, optimizer, trainDataset, isBest } = contents;
  const folder = path.join(args.outputDir, `checkpoint-${contents.state.globalStep}`);
  const state = isBest ? { ...contents.state, bestModelCheckpoint: folder } : contents.state;
  const files = [
    trainingArgumentsJson(args),
    { name: "train_dataset.json", text: datasetJson(trainDataset) },
    { name: "trainer_state.json", text: trainerStateJson({ ...contents, state }) },
    ...(args.saveOnlyModel ? [] : [{ name: "scheduler.json", text: schedulerJson(contents) }]),
  ];
  try {
    writeFolderAtomically(folder, (part) => {
      model.savePretrained(part);
      if (!args.saveOnlyModel) writeSafetensors(path.join(part, "optimizer.safetensors"), optimizer.state());
      for (const { name, text } of files) writeFileAtomically(path.join(part, name), text);
      writeManifest(part);
    });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? diskFull(folder, contents) : error;
  }
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

/** What PyTorch's LambdaLR keeps: the rate follows from it and the arguments. */
function schedulerJson({ args, state }: CheckpointContents): string {
  const json = {
    base_lrs: [args.learningRate],
    last_epoch: state.globalStep,
    _step_count: state.globalStep + 1,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function datasetJson({ numExamples, sha256, classWeights }: DatasetDigest): string {
  const json = { num_examples: numExamples, sha256, class_weights: classWeights };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function diskFull(folder: string, { args, model }: CheckpointContents): CheckpointError {
  // AdamW keeps two numbers for every parameter
  const wanted = model.numParameters * 4 * (args.saveOnlyModel ? 1 : 3);
  const { bavail, bsize } = statfsSync(args.outputDir);
  return new CheckpointError(
    `${shownPath(folder)} could not be written (ENOSPC): it wants ${wanted} bytes and some for JSON, and the disk has ` +
      `${bavail * bsize} left. Checkpoints before it are whole: make room, or lower saveTotalLimit, and go on with resumeFromCheckpoint.`,
  );
}
