import { existsSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { DOWNLOADS } from "../runtime/repository";

/** The scale of the story and what it runs on. */
export interface ProfileSettings {
  name: "pocket" | "full";
  /** Folder of the encoder, or its name on the Hub. */
  encoder: string;
  reviews: "snippets" | "stanfordnlp/imdb";
  /** What `select(range(...))` takes for training. */
  trainExamples: number;
  /** What `select(range(...))` takes for validation. */
  validationExamples: number;
  /** Reviews kept aside of each label, to measure honestly. */
  heldOutPerLabel: number;
  numTrainEpochs: number;
  /** Training examples of each of the short runs that take the fix apart. */
  shortRunExamples: number;
  /** transformers' default in both profiles, since the story does not report its own. */
  learningRate: number;
  /** Epochs of the full recipe (notebook 4). */
  recipeEpochs: number;
  /** Learning rate of the full recipe: the story's own on its own encoder. */
  recipeLearningRate: number;
  evalSteps: number;
  /** Tokens of a review that the model reads. */
  maxLength: number;
  seed: number;
}

/** The settings of the story as a table. */
export class StoryProfile extends Presentable {
  constructor(readonly settings: Readonly<ProfileSettings>) {
    super();
  }

  /** What a model card calls the encoder: its name on the Hub, or that of its folder. */
  get encoderName(): string {
    const { encoder } = this.settings;
    if (encoder === POCKET.encoder) return "sentence-transformers/all-MiniLM-L6-v2";
    return existsSync(encoder) ? path.basename(encoder) : encoder;
  }

  /** What a model card calls the reviews. */
  get reviewsSource(): { type: string; name: string } {
    return this.settings.reviews === "snippets"
      ? { type: "vader-movie-review-snippets", name: "Rotten Tomatoes snippets (Hutto & Gilbert 2014)" }
      : { type: "stanfordnlp/imdb", name: "IMDB (Maas et al. 2011)" };
  }

  override present(): TableSpec {
    const { encoder, ...rest } = this.settings;
    // the seed is what a reader may change while outputs stay comparable
    const encoderName = encoder === POCKET.encoder ? "all-MiniLM-L6-v2 (packaged)" : path.basename(encoder);
    const shown = Object.entries({ encoder: encoderName, ...rest }).filter(([name]) => name !== "seed");
    return { kind: "table", title: `Profile ${rest.name}`, columns: ["setting", "value"], rows: shown };
  }
}

/** The story's numbers as its author used them, on the full IMDB set. */
const FULL: ProfileSettings = {
  name: "full",
  encoder: "distilbert/distilbert-base-uncased",
  reviews: "stanfordnlp/imdb",
  trainExamples: 15_000,
  validationExamples: 1_500,
  heldOutPerLabel: 500,
  numTrainEpochs: 3,
  shortRunExamples: 6_000,
  learningRate: 5e-5,
  recipeEpochs: 3,
  recipeLearningRate: 2e-5,
  evalSteps: 200,
  maxLength: 256,
  seed: 42,
};

/** The same at 1:5, for two cores: one epoch, the packaged encoder and snippets. */
const POCKET: ProfileSettings = {
  name: "pocket",
  encoder: path.join(DOWNLOADS, "encoder"),
  reviews: "snippets",
  trainExamples: 3_000,
  validationExamples: 300,
  heldOutPerLabel: 500,
  numTrainEpochs: 1,
  shortRunExamples: 1_200,
  learningRate: 5e-5,
  recipeEpochs: 3,
  recipeLearningRate: 5e-5,
  evalSteps: 40,
  maxLength: 64,
  seed: 42,
};

/**
 * The profile that the environment asks for: `STORY_PROFILE` (pocket or full), and any of `STORY_ENCODER` (a folder, or
 * a name on the Hub), `STORY_REVIEWS` (snippets or stanfordnlp/imdb), `STORY_SCALE` (1 is the story's own 15,000 reviews) and `STORY_SEED`.
 *
 * @throws ArgumentError naming the variable, its value and what it may be
 */
export function storyProfile(env: NodeJS.ProcessEnv = process.env): StoryProfile {
  // a variable that is set to nothing is not set
  const name = env["STORY_PROFILE"] || "pocket";
  if (name !== "pocket" && name !== "full")
    throw new ArgumentError(`STORY_PROFILE is ${JSON.stringify(name)}; expected "pocket" or "full".`);
  return new StoryProfile({ ...(name === "full" ? FULL : POCKET), ...overrides(env) });
}

function overrides(env: NodeJS.ProcessEnv): Partial<ProfileSettings> {
  const changed: Partial<ProfileSettings> = {};
  if (env["STORY_ENCODER"]) changed.encoder = env["STORY_ENCODER"];
  const reviews = env["STORY_REVIEWS"];
  if (reviews === "snippets" || reviews === "stanfordnlp/imdb") changed.reviews = reviews;
  else if (reviews)
    throw new ArgumentError(
      `STORY_REVIEWS is ${JSON.stringify(reviews)}; expected "snippets" or "stanfordnlp/imdb".`,
    );
  const scale = numberOf(
    env,
    "STORY_SCALE",
    (value) => value > 0 && value <= 1,
    "a number above 0 and at most 1",
  );
  if (scale !== undefined) {
    // half of them of each label
    const scaled = (count: number) => Math.max(2, 2 * Math.round((count * scale) / 2));
    changed.trainExamples = scaled(FULL.trainExamples);
    changed.validationExamples = scaled(FULL.validationExamples);
    changed.shortRunExamples = scaled(FULL.shortRunExamples);
    changed.evalSteps = Math.max(1, Math.round(FULL.evalSteps * scale));
  }
  const seed = numberOf(env, "STORY_SEED", Number.isInteger, "a whole number");
  if (seed !== undefined) changed.seed = seed;
  return changed;
}

function numberOf(
  env: NodeJS.ProcessEnv,
  name: string,
  accepts: (value: number) => boolean,
  expected: string,
): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  // blanks are the number 0 to JavaScript
  const value = text.trim() === "" ? NaN : Number(text);
  if (!accepts(value)) throw new ArgumentError(`${name} is ${JSON.stringify(text)}; expected ${expected}.`);
  return value;
}
