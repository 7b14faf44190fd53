import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { ReviewSet } from "../../lib/src/data/review-set";
import { loadSnippets, SENTIMENT } from "../../lib/src/data/snippets";
import { balanced, splitBalanced } from "../../lib/src/data/splits";
import type { TrainedRun } from "../../lib/src/diagnosis/subject";
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { writeFolderAtomically } from "../../lib/src/runtime/atomic-file";
import { DOWNLOADS, REPOSITORY } from "../../lib/src/runtime/repository";
import { encodeReviews } from "../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { Trainer } from "../../lib/src/training/trainer";

const ENCODER = path.join(DOWNLOADS, "encoder");
/** Changes with what the healthy model is made by. */
const MODEL = path.join(REPOSITORY, "build", "detection", "model-1");
const MAX_LENGTH = 64;
const MODEL_SEED = 7;
const TRAINED_PER_LABEL = 1_500;
const CHOSEN_PER_LABEL = 150;

/** Three sets of equal reviews in a random order. */
export interface HealthySets {
  train: ReviewSet;
  validation: ReviewSet;
  test: ReviewSet;
}

/** A model with its tokenizer, and the run that made it. */
export interface HealthyModel {
  model: DistilBertForSequenceClassification;
  tokenizer: Tokenizer;
  maxLength: number;
  run: TrainedRun;
  /** Where it lies. */
  folder: string;
}

/** What faults are put into: real reviews without a duplicate, and a model that was trained well on others of them. */
export class World {
  /** Reviews that the healthy model has never seen. */
  readonly unseen: ReviewSet;
  readonly #seen: ReviewSet;
  #model: Promise<HealthyModel> | undefined;

  constructor() {
    const { taken, rest } = splitBalanced(withoutDuplicates(loadSnippets()), {
      perLabel: TRAINED_PER_LABEL + CHOSEN_PER_LABEL,
      seed: MODEL_SEED,
    });
    this.#seen = taken;
    this.unseen = rest;
  }

  /** Sets of as many reviews of each label, shuffled, none in two of them and none that the healthy model has seen. */
  sets(seed: number, perLabel = { train: 1_000, validation: 200, test: 200 }): HealthySets {
    const first = splitBalanced(this.unseen, { perLabel: perLabel.train, seed });
    const second = splitBalanced(first.rest, { perLabel: perLabel.validation, seed });
    const third = splitBalanced(second.rest, { perLabel: perLabel.test, seed });
    return {
      train: first.taken.shuffle(seed).rename("train"),
      validation: second.taken.shuffle(seed).rename("validation"),
      test: third.taken.shuffle(seed).rename("test"),
    };
  }

  /** The healthy model; its parameters must be as they were when a fault is done with it. */
  healthyModel(): Promise<HealthyModel> {
    this.#model ??= this.#loadModel();
    return this.#model;
  }

  /** A model as it is before training. */
  newModel(seed: number): Promise<DistilBertForSequenceClassification> {
    return DistilBertForSequenceClassification.fromPretrained(ENCODER, { id2label: SENTIMENT, seed });
  }

  async #loadModel(): Promise<HealthyModel> {
    if (!existsSync(MODEL)) await this.#trainModel();
    const run = JSON.parse(readFileSync(path.join(MODEL, "run.json"), "utf8")) as TrainedRun;
    const model = await DistilBertForSequenceClassification.fromPretrained(MODEL);
    const tokenizer = await Tokenizer.fromPretrained(MODEL);
    return { model, tokenizer, maxLength: MAX_LENGTH, run, folder: MODEL };
  }

  /** Two epochs on 3,000 reviews, the better of four checkpoints: about two minutes, once a checkout. */
  async #trainModel(): Promise<void> {
    const tokenizer = await Tokenizer.fromPretrained(ENCODER);
    const model = await this.newModel(MODEL_SEED);
    const { taken: validation, rest } = splitBalanced(this.#seen, {
      perLabel: CHOSEN_PER_LABEL,
      seed: MODEL_SEED,
    });
    const train = balanced(rest, { perLabel: TRAINED_PER_LABEL, seed: MODEL_SEED });
    const encode = (set: ReviewSet) => encodeReviews(set, { tokenizer, maxLength: MAX_LENGTH });
    const outputDir = `${MODEL}-checkpoints`;
    const trainer = new Trainer({
      model,
      args: {
        ...{ outputDir, seed: MODEL_SEED, learningRate: 5e-5, numTrainEpochs: 2 },
        ...{ perDeviceTrainBatchSize: 16, loggingSteps: 47, evalStrategy: "steps", evalSteps: 47 },
        ...{ saveStrategy: "steps", saveSteps: 47, saveTotalLimit: 1, saveOnlyModel: true },
        ...{ loadBestModelAtEnd: true, metricForBestModel: "accuracy" },
      },
      trainDataset: encode(train),
      evalDataset: encode(validation),
      padTokenId: tokenizer.padTokenId,
    });
    const { state } = await trainer.train();
    const { logHistory, bestGlobalStep } = state;
    const run: TrainedRun = { logHistory, bestGlobalStep, metricForBestModel: "accuracy" };
    mkdirSync(path.dirname(MODEL), { recursive: true });
    writeFolderAtomically(MODEL, (folder) => {
      model.savePretrained(folder);
      tokenizer.savePretrained(folder);
      writeFileSync(path.join(folder, "run.json"), JSON.stringify(run));
    });
    model.dispose();
    rmSync(outputDir, { recursive: true, force: true });
  }
}

/** Every text once, letters and digits compared alone; texts of fewer than three words are left out. */
function withoutDuplicates(set: ReviewSet): ReviewSet {
  const seen = new Set<string>();
  const kept = set.rows.flatMap(({ text }, index) => {
    const plain = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    if (plain.split(" ").length < 3 || seen.has(plain)) return [];
    seen.add(plain);
    return [index];
  });
  return set.select(kept);
}
