import { loadRatings, type RatedText } from "../../../lib/src/data/snippets";
import { ReviewSet } from "../../../lib/src/data/review-set";
import { permutation, seededRandom } from "../../../lib/src/runtime/random";
import type { LoggedPrediction } from "../../../lib/src/serving/logged-prediction";

/** All rated reviews, in a random order. */
const ratings = loadRatings();
const order = permutation(ratings.length, seededRandom(5));

/** Reviews from one place of the order to another. */
export function reviews(from: number, to: number): RatedText[] {
  return order.slice(from, to).flatMap((index) => ratings[index] ?? []);
}

/** Reviews as a set to train on. */
export function trainingSet(rated: readonly RatedText[]): ReviewSet {
  const rows = rated.map(({ text, rating }) => ({ text, label: Number(rating > 0) }));
  return new ReviewSet("train", rows, { 0: "NEGATIVE", 1: "POSITIVE" });
}

/** A log in which the readers of the reviews answer: as sure as they are of one mind. */
export function readersAnswer(
  rated: readonly RatedText[],
  { perDay = 200, start = "2026-01-01T00:00:00Z" } = {},
): LoggedPrediction[] {
  return rated.map(({ text, rating }, index) => {
    const positive = 1 / (1 + Math.exp(-rating));
    return {
      time: new Date(Date.parse(start) + (index * 86_400_000) / perDay).toISOString(),
      requestId: `request-${index}`,
      model: "readers",
      text,
      tokens: text.split(" ").length,
      label: positive > 0.5 ? "POSITIVE" : "NEGATIVE",
      scores: { NEGATIVE: 1 - positive, POSITIVE: positive },
      milliseconds: 3,
    };
  });
}
