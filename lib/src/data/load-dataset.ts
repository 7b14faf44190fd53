import path from "node:path";
import type { RevisionOptions } from "../hub/pretrained-folder";
import { isRepoName } from "../hub/repo-name";
import { pullSnapshot } from "../hub/snapshot";
import { ArgumentError } from "../runtime/errors";
import { readReviewParquet } from "./imdb";
import { ReviewSet } from "./review-set";
import { SENTIMENT } from "./snippets";
import { shardsOf } from "./split-files";

/** Which part of a data set to load, and from where. */
export interface LoadDatasetOptions extends RevisionOptions {
  /** Such as `train`. */
  split: string;
  /** Names of the labels by id; by default 0 NEGATIVE, 1 POSITIVE. */
  id2label?: Readonly<Record<number, string>>;
}

/**
 * Loads one split of a data set from the Hub, with columns `text` and `label` (Hugging Face datasets' `load_dataset`). Its files
 * are pulled into the cache that Python shares.
 *
 * @param name - such as `stanfordnlp/imdb`
 * @throws ArgumentError if that cannot be a name
 * @throws HubError if there is no such data set or revision, or the Hub cannot be reached and the cache has no copy
 * @throws DataError if it has no such split, lacks a file of it, or the files lack a column
 */
export async function loadDataset(name: string, options: LoadDatasetOptions): Promise<ReviewSet> {
  if (!isRepoName(name))
    throw new ArgumentError(
      `${JSON.stringify(name)} cannot be a data set on the Hub; expected a name such as stanfordnlp/imdb.`,
    );
  const { split, id2label = SENTIMENT, revision = "main", ...hubOptions } = options;
  const { folder, files } = await pullSnapshot(
    {
      repo: { type: "dataset", name },
      revision,
      choose: (paths) => shardsOf(split, { owner: `The dataset ${name}`, paths }),
    },
    hubOptions,
  );
  const shards = [];
  for (const file of files) shards.push(await readReviewParquet(path.join(folder, file)));
  return new ReviewSet(`${name} ${split}`, shards.flat(), id2label);
}
