import { readFileSync } from "node:fs";
import path from "node:path";
import { describeRuntime } from "../runtime/describe-runtime";
import { LIB } from "../runtime/repository";
import { datasetDigest } from "../training/dataset-digest";
import { snakeCase, snakeCaseArguments } from "../training/stored-arguments";
import type { TrackedRun } from "../training/tracking";
import { gitCommit } from "./git-commit";

/** What a run was, as plain JSON: no folder, host or user is in it. */
export interface RunConfig {
  /** transformers' training arguments, by its names. */
  args: Record<string, unknown>;
  /** The model's settings, by its config.json's names. */
  model_config: Record<string, unknown>;
  /** Data, code and machine. */
  run: Record<string, unknown>;
}

/** A run with what is said of it, which is found out once, by the first that asks. */
export interface ReportedRun {
  args: TrackedRun["args"];
  config: () => RunConfig;
}

/** Says what is needed to tell a run from another, and to take it again. */
export function runConfig(run: TrackedRun): RunConfig {
  const { args, model, trainDataset, evalDataset = [], classWeights } = run;
  const { tensorflow, tfjs, device } = describeRuntime();
  const digest = datasetDigest(trainDataset, classWeights);
  return {
    args: snakeCaseArguments(args),
    model_config: snakeCaseKeys({ ...model.config }),
    run: {
      num_parameters: model.numParameters,
      num_train_examples: digest.numExamples,
      num_eval_examples: evalDataset.length,
      train_dataset_sha256: digest.sha256,
      class_weights: digest.classWeights,
      git_commit: gitCommit(),
      lib: libVersion(),
      tensorflow,
      tfjs,
      node: process.versions.node,
      device,
    },
  };
}

function libVersion(): string {
  const text = readFileSync(path.join(LIB, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function snakeCaseKeys(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [snakeCase(name), value]));
}
