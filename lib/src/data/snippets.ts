import path from "node:path";
import { DataError } from "../runtime/errors";
import { DOWNLOADS, DOWNLOADS_HINT, shownPath } from "../runtime/repository";
import { readUtf8 } from "./read-text";
import { ReviewSet, type Review } from "./review-set";

/** Names of the labels, as the story's author meant them. */
export const SENTIMENT: Readonly<Record<number, string>> = { 0: "NEGATIVE", 1: "POSITIVE" };

/** A mean rating of at least this, either way, counts as a clear opinion. */
const CLEAR_RATING = 0.5;
/** The order of the snippets is part of the data, not of a run: one seed for all. */
const ORDER_SEED = 7;

/** The packaged file of snippets. */
export const SNIPPETS_FILE = path.join(DOWNLOADS, "snippets", "movieReviewSnippets_GroundTruth.txt");

/** A text with what its readers thought of it on average. */
export interface RatedText {
  text: string;
  /** From -4, very negative, to 4, very positive. */
  rating: number;
}

/**
 * The packaged review snippets with a clear opinion, laid out as IMDB is on the Hub: negatives first.
 *
 * @throws DataError if the file is missing, not UTF-8, or a line lacks one of its three columns
 */
export function loadSnippets(file: string = SNIPPETS_FILE): ReviewSet {
  const rows = loadRatings(file).flatMap(({ text, rating }): Review[] =>
    Math.abs(rating) >= CLEAR_RATING ? [{ text, label: rating > 0 ? 1 : 0 }] : [],
  );
  if (rows.length === 0)
    throw new DataError(`${shownPath(file)} has no review with a clear rating. ${DOWNLOADS_HINT}`);
  return new ReviewSet("snippets", rows, SENTIMENT).shuffle(ORDER_SEED).sortByLabel().rename("snippets");
}

/**
 * All of the packaged review snippets with their mean ratings, in the file's order.
 *
 * @throws DataError if the file is missing, not UTF-8, or a line lacks one of its three columns
 */
export function loadRatings(file: string = SNIPPETS_FILE): RatedText[] {
  const lines = readUtf8(file, DOWNLOADS_HINT).split(/\r?\n/);
  return lines.flatMap((line, index): RatedText[] => {
    if (line === "") return [];
    const [, ratingText = "", text = "", ...more] = line.split("\t");
    // an empty text is the number 0 to JavaScript
    const rating = ratingText.trim() === "" ? NaN : Number(ratingText);
    if (text.trim() === "" || Number.isNaN(rating) || more.length > 0)
      throw new DataError(
        `${shownPath(file)}, line ${index + 1}: expected the columns id, rating and text, separated by tabs. ${DOWNLOADS_HINT}`,
      );
    return [{ text, rating }];
  });
}
