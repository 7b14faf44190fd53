import path from "node:path";
import type { RevisionOptions } from "../hub/pretrained-folder";
import { openRepoFiles, type OpenRepoFile } from "../hub/open-repo-files";
import { isRepoName } from "../hub/repo-name";
import { pullSnapshot, type Snapshot } from "../hub/snapshot";
import { ArgumentError, DataError } from "../runtime/errors";
import { readReviewParquet } from "./imdb";
import { ParquetFile, type RowRange } from "./parquet-file";
import { parquetReviews, REVIEW_COLUMNS } from "./parquet-reviews";
import { ReviewSet, type Review } from "./review-set";
import { SENTIMENT } from "./snippets";
import { shardsOf } from "./split-files";

/** Which part of a data set to load, and from where. */
export interface LoadDatasetOptions extends RevisionOptions {
  /** Such as `train`. */
  split: string;
  /**
   * Only these rows of the split. Of a data set that is not in the cache, only the bytes of these rows come over the network, and
   * nothing is put into the cache.
   */
  rows?: RowRange;
  /** Names of the labels by id; by default 0 NEGATIVE, 1 POSITIVE. */
  id2label?: Readonly<Record<number, string>>;
}

/**
 * Loads one split of a data set from the Hub, with columns `text` and `label` (Hugging Face datasets' `load_dataset`). Its files
 * are pulled into the cache that Python shares, unless some rows alone are asked for.
 *
 * @param name - such as `stanfordnlp/imdb`
 * @throws ArgumentError if that cannot be a name
 * @throws HubError if there is no such data set or revision, or the Hub cannot be reached and the cache has no copy
 * @throws DataError if it has no such split or rows, lacks a file of it, or the files lack a column
 *
 * @example
 * const some = await loadDataset("stanfordnlp/imdb", { split: "train", rows: { start: 12_000, end: 12_100 } });
 */
export async function loadDataset(name: string, options: LoadDatasetOptions): Promise<ReviewSet> {
  if (!isRepoName(name))
    throw new ArgumentError(
      `${JSON.stringify(name)} cannot be a data set on the Hub; expected a name such as stanfordnlp/imdb.`,
    );
  const { split, rows, id2label = SENTIMENT, revision = "main", ...hubOptions } = options;
  if (rows) checkRows(rows);
  const request = {
    repo: { type: "dataset", name },
    revision,
    choose: (paths: readonly string[]) => shardsOf(split, { owner: `The dataset ${name}`, paths }),
  } as const;
  const reviews = rows
    ? await reviewsInRows(await openRepoFiles(request, hubOptions), rows)
    : await allReviews(await pullSnapshot(request, hubOptions));
  return new ReviewSet(`${name} ${split}`, reviews, id2label);
}

function checkRows({ start, end }: RowRange): void {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end <= start)
    throw new ArgumentError(
      `The rows from ${start} up to ${end} are none; expected whole numbers with 0 <= start < end.`,
    );
}

async function allReviews({ folder, files }: Snapshot): Promise<Review[]> {
  const shards = [];
  for (const file of files) shards.push(await readReviewParquet(path.join(folder, file)));
  return shards.flat();
}

/** Rows are counted through all files of the split. */
async function reviewsInRows(files: readonly OpenRepoFile[], { start, end }: RowRange): Promise<Review[]> {
  const shards = [];
  let before = 0;
  for (const file of files) {
    // errors name it as they name one in the cache, by the end of its path
    const name = path.join(path.sep, file.path);
    const parquet = await ParquetFile.open(name, file);
    const here = { start: Math.max(0, start - before), end: Math.min(parquet.length, end - before) };
    if (here.start < here.end) shards.push(parquetReviews(name, await parquet.read(REVIEW_COLUMNS, here)));
    before += parquet.length;
    if (before >= end) return shards.flat();
  }
  throw new DataError(`The split has ${before} rows; expected some from ${start} up to ${end}.`);
}
