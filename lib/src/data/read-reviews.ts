import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { numberLabels } from "./number-labels";
import { rawReviews, type RawReviews, type ReviewCells } from "./raw-reviews";
import { readDelimited } from "./read-delimited";
import { readJsonRows } from "./read-json-rows";
import { readParquet } from "./read-parquet";
import { readUtf8 } from "./read-text";
import type { ColumnOptions } from "./review-columns";
import { ReviewSet } from "./review-set";

/** Which columns of a file to read, and what its labels mean. */
export interface LoadReviewsOptions extends ColumnOptions {
  /**
   * Names of the labels by id; a label that is not among them gets an id of its own. By default those in a parquet file of
   * Hugging Face's `datasets`, else `LABEL_0` and so on for numbers, and for names the order of the alphabet.
   */
  id2label?: Readonly<Record<number, string>>;
  /** What to call the set; by default the file's name. */
  name?: string;
}

type Reader = (file: string, options: ColumnOptions) => ReviewCells | Promise<ReviewCells>;

/** The longest text that V8 holds has 2 ** 29 - 24 characters. */
const MOST_BYTES = 2 ** 29 - 24;
const HINT = "Expected a text file in UTF-8.";

const READERS: Readonly<Record<string, Reader>> = {
  ".jsonl": (file, options) => readJsonRows(file, readWhole(file), options),
  ".ndjson": (file, options) => readJsonRows(file, readWhole(file), options),
  ".json": (file, options) => readJsonRows(file, readWhole(file), options),
  ".csv": (file, options) => readDelimited(file, readWhole(file), options),
  ".tsv": (file, options) => readDelimited(file, readWhole(file), { ...options, separator: "\t" }),
  ".parquet": readParquet,
};

/** Endings of the files that {@link loadReviews} reads. */
export const REVIEW_FILE_ENDINGS = Object.keys(READERS);

/**
 * Loads the labelled texts of a file: JSONL (`.jsonl`, `.ndjson`, `.json`, also one array), CSV, TSV or Parquet, by its ending. A
 * missing text is an empty one.
 *
 * Two files number the names of their labels alike if the second is given the first one's `id2label`.
 *
 * @throws DataError if it is missing or of another kind, is torn or not UTF-8, lacks a column, or a row lacks a label
 *
 * @example
 * const train = await loadReviews("train.csv", { textColumn: "comment" });
 * const test = await loadReviews("test.csv", { textColumn: "comment", id2label: train.id2label });
 */
export async function loadReviews(file: string, options: LoadReviewsOptions = {}): Promise<ReviewSet> {
  const { name = path.basename(file), id2label, ...columns } = options;
  const raw = await readRawReviews(file, columns);
  const { id2label: names, ids } = numberLabels([raw], id2label && { id2label });
  return labelledSet(name, raw, { id2label: names, ids: ids[0] ?? [] });
}

/**
 * Reads the texts and labels of a file without numbering the labels.
 *
 * @throws DataError as {@link loadReviews}
 */
export async function readRawReviews(file: string, options: ColumnOptions = {}): Promise<RawReviews> {
  const read = READERS[path.extname(file).toLowerCase()];
  if (!existsSync(file))
    throw new DataError(`${shownPath(file)} does not exist; expected a file of reviews.`);
  if (!read || !statSync(file).isFile())
    throw new DataError(
      `${shownPath(file)} is no file of reviews; expected one that ends in ${REVIEW_FILE_ENDINGS.join(", ")}.`,
    );
  return rawReviews(file, await read(file, options));
}

/** A set out of reviews and the numbers of their labels. */
export function labelledSet(
  name: string,
  { texts }: RawReviews,
  { id2label, ids }: { id2label: Readonly<Record<number, string>>; ids: readonly number[] },
): ReviewSet {
  const rows = texts.map((text, row) => ({ text, label: ids[row] ?? -1 }));
  return new ReviewSet(name, rows, id2label);
}

function readWhole(file: string): string {
  const { size } = statSync(file);
  if (size > MOST_BYTES)
    throw new DataError(
      `${shownPath(file)} has ${size} bytes; expected at most ${MOST_BYTES}: take a part of it, or write it as parquet.`,
    );
  return readUtf8(file, HINT);
}
