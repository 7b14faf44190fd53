import { readFileSync } from "node:fs";
import path from "node:path";
import type { SequenceClassificationModel } from "../../../lib/src/model/sequence-classification-model";
import { memoryUse } from "../../../lib/src/runtime/memory";
import { isSpeedMetric } from "../../../lib/src/training/speed-metrics";
import type { LogEntry, TrainerState } from "../../../lib/src/training/trainer-state";
import type { TrainerParams } from "../../../lib/src/training/trainer";
import { tinyFeatures } from "../tiny-model";

/** What a run of a few milliseconds a step needs, changed as given. */
export function tinyRun(
  model: SequenceClassificationModel,
  outputDir: string,
  args: Partial<TrainerParams["args"]> = {},
): TrainerParams {
  return {
    model,
    args: {
      outputDir,
      perDeviceTrainBatchSize: 4,
      learningRate: 1e-2,
      saveStrategy: "no",
      maxSteps: 6,
      ...args,
    },
    trainDataset: tinyFeatures(12),
    evalDataset: tinyFeatures(6, 2),
    padTokenId: 0,
  };
}

/** The counts that must not change where nothing leaks. */
export function tensorCounts(): { tensors: number; nativeTensors: number } {
  const { tensors, nativeTensors } = memoryUse();
  return { tensors, nativeTensors };
}

/** A model's weights, to the byte. */
export function weightBytes(model: SequenceClassificationModel, scratch: string): Buffer {
  model.savePretrained(scratch);
  return readFileSync(path.join(scratch, "model.safetensors"));
}

/** A log without what two runs that are the same need not share: how long things took, and what one process took in all. */
export function logOf({ logHistory }: TrainerState): Partial<LogEntry>[] {
  return logHistory
    .filter((entry) => entry["train_runtime"] === undefined)
    .map((entry) => Object.fromEntries(Object.entries(entry).filter(([name]) => !isSpeedMetric(name))));
}
