import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { DataError } from "../runtime/errors";
import { DATA, shownPath } from "../runtime/repository";
import { parquetReviews, REVIEW_COLUMNS } from "./parquet-reviews";
import { readParquet } from "./read-parquet";
import { labelRuns, ReviewSet, type LabelRun, type Review } from "./review-set";
import { SENTIMENT } from "./snippets";

/** A part of IMDB. */
export type ImdbSplit = "train" | "test";

interface ImdbSource {
  splits: Record<ImdbSplit, { file: string; sha256: string; labelRuns: LabelRun[] }>;
}

/** The order of the labels in the full IMDB set on the Hub, known without the files (data/imdb.json). */
export function imdbLabelRuns(split: ImdbSplit): LabelRun[] {
  return readSource().splits[split].labelRuns;
}

/**
 * Reads one split of the full IMDB set from parquet files in a folder, `IMDB_DIR` unless another is given.
 *
 * @throws DataError if the folder or file is missing, is no parquet, or lacks a column
 */
export async function loadImdb(split: ImdbSplit, folder = process.env["IMDB_DIR"]): Promise<ReviewSet> {
  const rows = await readReviewParquet(imdbFile(split, folder));
  return new ReviewSet(`IMDB ${split}`, rows, SENTIMENT);
}

/**
 * Reads the columns `text` and `label` of a parquet file.
 *
 * @throws DataError if it is missing, is no parquet, or lacks a column or a value
 */
export async function readReviewParquet(file: string): Promise<Review[]> {
  return parquetReviews(file, await readParquet(file, REVIEW_COLUMNS));
}

/**
 * Compares a split's file with data/imdb.json: its sha256 and the order of its labels.
 *
 * @throws DataError if the file is missing or either differs
 */
export async function verifyImdb(split: ImdbSplit, folder = process.env["IMDB_DIR"]): Promise<void> {
  const file = imdbFile(split, folder);
  const expected = readSource().splits[split];
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  if (sha256 !== expected.sha256)
    throw new DataError(
      `${shownPath(file)} has the sha256 ${sha256}; data/imdb.json expects ${expected.sha256}.`,
    );
  const runs = labelRuns((await readReviewParquet(file)).map(({ label }) => label));
  if (JSON.stringify(runs) !== JSON.stringify(expected.labelRuns))
    throw new DataError(
      `${shownPath(file)} has the label runs ${JSON.stringify(runs)}; expected ${JSON.stringify(expected.labelRuns)}.`,
    );
}

function imdbFile(split: ImdbSplit, folder: string | undefined): string {
  if (!folder) throw new DataError("IMDB_DIR is not set; expected the folder with IMDB's two parquet files.");
  const file = path.join(folder, readSource().splits[split].file);
  if (!existsSync(file))
    throw new DataError(`${shownPath(file)} does not exist; expected IMDB's ${split} split there.`);
  return file;
}

function readSource(): ImdbSource {
  return JSON.parse(readFileSync(path.join(DATA, "imdb.json"), "utf8")) as ImdbSource;
}
