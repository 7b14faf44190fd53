import type { ObviousCase } from "../data/obvious-cases";
import type { ReviewSet } from "../data/review-set";
import type { ModelCardMetadata } from "../hub/model-card";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { Tokenizer } from "../tokenization/tokenizer";
import type { LogEntry } from "../training/trainer-state";
import type { TrainingArguments } from "../training/training-arguments";

/** What a training run left behind, as far as the checks read it. */
export interface TrainedRun {
  logHistory: readonly LogEntry[];
  /** Step of the checkpoint that was kept; `null` where none was chosen. */
  bestGlobalStep?: number | null;
  /** Name of the metric that chose it, such as `accuracy`. */
  metricForBestModel?: string | null;
}

/** What is diagnosed: everything is optional, and each check is asked as soon as what it needs is there. */
export interface Subject {
  /** What the model is, or will be, trained on. */
  train?: ReviewSet;
  /** What checkpoints are chosen by. */
  validation?: ReviewSet;
  /** What nothing was chosen by. */
  test?: ReviewSet;
  /** Texts that came in later, from the world; their labels may be guesses. */
  incoming?: ReviewSet;
  /** Names of the labels by id, as they are meant; the model's, or the training set's, where nothing is said. */
  id2label?: Readonly<Record<number, string>>;
  model?: SequenceClassificationModel;
  tokenizer?: Tokenizer;
  /** Tokens of a text that the model reads; 128 where nothing is said. */
  maxLength?: number;
  /** Makes the model as it is before training, a new one at each call: for what has to be tried out. */
  newModel?: () => Promise<SequenceClassificationModel>;
  /** The recipe, as far as it differs from the Trainer's defaults. */
  args?: Partial<TrainingArguments>;
  run?: TrainedRun;
  /** The model's folder: what its config.json says is read from there. */
  folder?: string;
  /** The head of the model card. */
  card?: Partial<ModelCardMetadata>;
  /** Sentences whose label nobody doubts. */
  cases?: readonly ObviousCase[];
  /** Of everything that is drawn at random; 1 where nothing is said. */
  seed?: number;
}
