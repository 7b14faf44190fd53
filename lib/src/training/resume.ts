import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CheckpointError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { readSafetensors } from "../model/safetensors";
import { damageOf } from "./checkpoint-manifest";
import type { CheckpointContents } from "./checkpoints";
import type { DatasetDigest } from "./dataset-digest";
import { lastCheckpoint } from "./last-checkpoint";
import { compareArguments } from "./stored-arguments";
import { readTrainerState, type StoredState } from "./trainer-state";

/** A whole checkpoint of this very run. */
export type Checkpoint = { folder: string } & Pick<StoredState, "state" | "statefulCallbacks">;

/** The run that is to go on. */
export type ResumedRun = Pick<CheckpointContents, "args" | "plan" | "model" | "trainDataset">;

/**
 * Finds the checkpoint that a run goes on from, and makes sure that it is of this very run; nothing is changed.
 *
 * transformers warns of other arguments (`compare_trainer_and_checkpoint_args`) and goes on. Here those are refused with which
 * the run would not become what it would have become without the break; for the rest there is a warning.
 *
 * @param from a checkpoint's folder, or `true` for the newest whole one of `outputDir`
 * @throws CheckpointError where none is whole, or it holds weights alone, or it is of another run
 */
export function openCheckpoint(from: string | true, run: ResumedRun): Checkpoint {
  const folder = from === true ? lastCheckpoint(run.args.outputDir) : from;
  const damage = from === true ? undefined : existsSync(folder) ? damageOf(folder) : "does not exist";
  if (damage !== undefined)
    throw new CheckpointError(
      `${shownPath(folder)} is no checkpoint to go on from: it ${damage}. ` +
        "Take another one, or resumeFromCheckpoint: true for the newest whole one.",
    );
  if (!existsSync(path.join(folder, "optimizer.safetensors")))
    throw new CheckpointError(
      `${shownPath(folder)} holds the weights alone (saveOnlyModel): without the optimizer's moments the run would become ` +
        "another. Load it as a model and train anew, or save without saveOnlyModel.",
    );
  checkSameRun(folder, run);
  return { folder, ...readTrainerState(folder) };
}

/** Takes weights and moments of a checkpoint. */
export function loadCheckpoint(
  { folder }: Checkpoint,
  { model, optimizer }: Pick<CheckpointContents, "model" | "optimizer">,
): void {
  model.loadWeights(folder);
  optimizer.loadState(readSafetensors(path.join(folder, "optimizer.safetensors")).tensors);
}

function checkSameRun(folder: string, { args, plan, model, trainDataset }: ResumedRun): void {
  const { decisive, harmless } = compareArguments(args, folder);
  const { state } = readTrainerState(folder);
  const config = { ...model.readConfig(folder) } as Record<string, unknown>;
  const others = [
    ...decisive,
    ...Object.entries(model.config)
      .filter(([name, value]) => !isDeepStrictEqual(value, config[name]))
      .map(([name, value]) => difference(`the model's ${name}`, value, config[name])),
    ...differentData(folder, trainDataset),
    ...(state.maxSteps === plan.totalSteps ? [] : [difference("steps", plan.totalSteps, state.maxSteps)]),
  ];
  if (others.length > 0)
    throw new CheckpointError(
      `${shownPath(folder)} is of another run: ${others.join("; ")}. ` +
        "Go on with what it was trained with, or load it as a model and train anew.",
    );
  if (harmless.length > 0)
    console.warn(`${shownPath(folder)} was written with other arguments: ${harmless.join("; ")}.`);
}

function differentData(folder: string, now: DatasetDigest): string[] {
  const json = readFileSync(path.join(folder, "train_dataset.json"), "utf8");
  const then = JSON.parse(json) as { num_examples: number; sha256: string; class_weights: number[] | null };
  if (then.num_examples !== now.numExamples)
    return [difference("training examples", now.numExamples, then.num_examples)];
  return [
    ...(then.sha256 === now.sha256 ? [] : ["the training examples' tokens, labels or order"]),
    ...(isDeepStrictEqual(then.class_weights, now.classWeights)
      ? []
      : [difference("classWeights", now.classWeights, then.class_weights)]),
  ];
}

function difference(name: string, now: unknown, then: unknown): string {
  return `${name} (${JSON.stringify(now)} now, ${JSON.stringify(then)} then)`;
}
