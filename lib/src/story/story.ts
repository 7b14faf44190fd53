import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically } from "../runtime/atomic-file";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { Tokenizer } from "../tokenization/tokenizer";
import {
  loadArtefact,
  loadArtefactFolder,
  saveArtefact,
  saveArtefactFolder,
  storyBuildFolder,
} from "./artefacts";
import type { TrainingArguments } from "../training/training-arguments";
import { storyProfile, type ProfileSettings, type StoryProfile } from "./profile";
import { openStoryHub, type StoryHub } from "./story-hub";
import { loadStoryReviews, type StoryReviews } from "./story-reviews";
import { Verdict, type VerdictParams, type VerdictRecord } from "./verdict";

/** One notebook of the story: its scale, its reviews, its verdicts, and what it leaves for the next. */
export class Story {
  readonly profile: StoryProfile;
  readonly settings: Readonly<ProfileSettings>;
  readonly #verdicts: VerdictRecord[] = [];

  /** Begins a notebook: verdicts of an earlier run of it are forgotten. */
  constructor(readonly notebook: string) {
    this.profile = storyProfile();
    this.settings = this.profile.settings;
    rmSync(this.#verdictFile, { force: true });
  }

  /** The reviews in the layout of IMDB. */
  reviews(): Promise<StoryReviews> {
    return loadStoryReviews(this.settings);
  }

  /**
   * The arguments that every run of the story shares, so that two runs differ only in what a notebook adds: the seed, the
   * learning rate (no warm-up), the epochs, a check every so many steps, and the best checkpoint by accuracy at the end.
   * Checkpoints hold the weights alone: no run of the story goes on from one, and the moments would triple what is written.
   */
  sharedArguments(run: string): Partial<TrainingArguments> & Pick<TrainingArguments, "outputDir"> {
    const { seed, learningRate, numTrainEpochs, evalSteps } = this.settings;
    return {
      outputDir: path.join(storyBuildFolder(), "checkpoints", this.notebook, run),
      ...{ seed, learningRate, numTrainEpochs },
      ...{ evalStrategy: "steps", evalSteps, perDeviceEvalBatchSize: 64, loggingSteps: evalSteps },
      ...{ saveStrategy: "steps", saveSteps: evalSteps, saveTotalLimit: 1, saveOnlyModel: true },
      ...{ loadBestModelAtEnd: true, metricForBestModel: "accuracy" },
    };
  }

  /** Decides a question, and keeps the answer for summary.json. */
  verdict(params: VerdictParams): Verdict {
    const verdict = new Verdict(params);
    this.#verdicts.push(verdict.record);
    writeFileAtomically(this.#verdictFile, `${JSON.stringify(this.#verdicts, null, 2)}\n`);
    return verdict;
  }

  /** Leaves a value (as JSON) for later notebooks. */
  save(name: string, value: unknown): void {
    saveArtefact({ notebook: this.notebook, name, settings: this.settings, value });
  }

  /**
   * Takes what an earlier notebook left; the caller names its type.
   *
   * @throws ArtefactError in one line that says which notebook makes it, if it is missing or no longer fits
   */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the reader of a notebook knows what was saved
  load<T>(notebook: string, name: string): T {
    return loadArtefact({ notebook, name, settings: this.settings }) as T;
  }

  /** Leaves a model with its tokenizer for later notebooks, in the files that transformers reads. */
  savePretrained(name: string, made: { model: SequenceClassificationModel; tokenizer: Tokenizer }): void {
    const write = (folder: string): void => {
      made.model.savePretrained(folder);
      made.tokenizer.savePretrained(folder);
    };
    saveArtefactFolder({ notebook: this.notebook, name, settings: this.settings, write });
  }

  /**
   * The folder of a model that an earlier notebook left.
   *
   * @throws ArtefactError in one line that says which notebook makes it, if it is missing or no longer fits
   */
  pretrained(notebook: string, name: string): string {
    return loadArtefactFolder({ notebook, name, settings: this.settings });
  }

  /** The Hub to push to: the reader's own where `HF_TOKEN` and `STORY_HUB_REPO` say so, otherwise an embedded one. */
  openHub(): Promise<StoryHub> {
    return openStoryHub(path.join(storyBuildFolder(), "hub"));
  }

  /** A folder for this notebook's own use, empty at its beginning. */
  workFolder(name: string): string {
    const folder = path.join(storyBuildFolder(), "work", this.notebook, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  get #verdictFile(): string {
    return path.join(storyBuildFolder(), "verdicts", `${this.notebook}.json`);
  }
}

/** Begins a notebook of the story. */
export function openStory(notebook: string): Story {
  return new Story(notebook);
}
