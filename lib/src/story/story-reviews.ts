import { DataError } from "../runtime/errors";
import { loadImdb, type ImdbSplit } from "../data/imdb";
import { loadDataset } from "../data/load-dataset";
import type { ReviewSet } from "../data/review-set";
import { loadSnippets } from "../data/snippets";
import { splitBalanced } from "../data/splits";
import type { ProfileSettings } from "./profile";

/** The reviews as the story's author found them, and a set that nothing is chosen by. */
export interface StoryReviews {
  /** For training, sorted by label: negatives first, as IMDB lies on the Hub. */
  train: ReviewSet;
  /** For validation, sorted likewise. */
  test: ReviewSet;
  /** As many of each label, touched by nobody: what measures the models in the end. */
  heldOut: ReviewSet;
}

/** The same rows are held out in every run, so that runs with different seeds are measured alike. */
const HELD_OUT_SEED = 11;

/**
 * Loads the profile's reviews in the layout of IMDB.
 *
 * @throws DataError if the set is missing or too small for the profile
 */
export async function loadStoryReviews(settings: ProfileSettings): Promise<StoryReviews> {
  const { train, rest } = settings.reviews === "snippets" ? splitSnippets(settings) : await readImdb();
  const { taken, rest: test } = splitBalanced(rest, {
    perLabel: settings.heldOutPerLabel,
    seed: HELD_OUT_SEED,
  });
  const wanted: [string, ReviewSet, number][] = [
    ["train", train, settings.trainExamples],
    ["test", test, settings.validationExamples],
  ];
  for (const [name, set, count] of wanted)
    if (set.length < count)
      throw new DataError(
        `"${name}" has ${set.length} reviews; the profile takes ${count}: lower STORY_SCALE.`,
      );
  return { train: train.rename("train"), test: test.rename("test"), heldOut: taken.rename("held out") };
}

/** From `IMDB_DIR` where it is set, otherwise from the Hub. */
async function readImdb(): Promise<{ train: ReviewSet; rest: ReviewSet }> {
  const read = (split: ImdbSplit): Promise<ReviewSet> =>
    process.env["IMDB_DIR"] ? loadImdb(split) : loadDataset("stanfordnlp/imdb", { split });
  return { train: await read("train"), rest: await read("test") };
}

/** IMDB's train split has 5/3 as many reviews as the story takes of it, half of each label; so has this one. */
function splitSnippets({ trainExamples }: ProfileSettings): { train: ReviewSet; rest: ReviewSet } {
  const perLabel = Math.round((trainExamples * 5) / 6);
  const { taken, rest } = splitBalanced(loadSnippets(), { perLabel, seed: HELD_OUT_SEED });
  return { train: taken, rest };
}
