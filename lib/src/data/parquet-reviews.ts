import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { ReviewCells } from "./raw-reviews";
import type { Review } from "./review-set";

/** The columns of IMDB, and of data sets that are laid out like it. */
export const REVIEW_COLUMNS = { textColumn: "text", labelColumn: "label" } as const;

/**
 * Reviews out of a parquet file's cells, whose labels are numbers already.
 *
 * @throws DataError if a value is missing or something else
 */
export function parquetReviews(file: string, { rows, placeOf }: ReviewCells): Review[] {
  return rows.map(({ text, label }, row) => {
    // parquet's 64-bit numbers arrive as bigint
    const id = typeof label === "bigint" ? Number(label) : label;
    if (typeof text !== "string" || typeof id !== "number")
      throw new DataError(
        `${shownPath(file)}, ${placeOf(row)}: expected a text and a whole number; found ${String(text)} and ${String(label)}.`,
      );
    return { text, label: id };
  });
}
