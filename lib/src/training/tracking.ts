import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { Feature } from "../tokenization/collator";
import type { TrainerCallback } from "./callbacks";
import type { TrainingArguments } from "./training-arguments";

/** A run that is reported to the programs of `args.reportTo`. */
export interface TrackedRun {
  args: TrainingArguments;
  model: SequenceClassificationModel;
  trainDataset: readonly Feature[];
  evalDataset?: readonly Feature[] | undefined;
  classWeights?: readonly number[] | undefined;
}

/** Makes what follows a run; it never throws, neither now nor later. */
export type TrackerFactory = (run: TrackedRun) => TrainerCallback[];

let factory: TrackerFactory | undefined;

/** Says who reports runs. Training does not import `tracking`; `lib/src/index.ts` brings the two together here. */
export function setTrackerFactory(create: TrackerFactory | undefined): void {
  factory = create;
}

/** What follows a run as its `reportTo` asks; nothing where no factory is set. */
export function runTrackers(run: TrackedRun): TrainerCallback[] {
  return factory ? factory(run) : [];
}
