import path from "node:path";
import type { RevisionOptions } from "../hub/pretrained-folder";
import { isRepoName } from "../hub/repo-name";
import { pullSnapshot } from "../hub/snapshot";
import { ArgumentError, DataError } from "../runtime/errors";
import { readReviewParquet } from "./imdb";
import { ReviewSet } from "./review-set";
import { SENTIMENT } from "./snippets";

/** Which part of a data set to load, and from where. */
export interface LoadDatasetOptions extends RevisionOptions {
  /** Such as `train`. */
  split: string;
  /** Names of the labels by id; by default 0 NEGATIVE, 1 POSITIVE. */
  id2label?: Readonly<Record<number, string>>;
}

/** A parquet file of a split, as `datasets` names it: `plain_text/train-00000-of-00002.parquet`, perhaps with a hash. */
interface Shard {
  path: string;
  folder: string;
  split: string;
  index: number;
  /** How many the split has. */
  count: number;
}

const SHARD = /^(?<split>[\w.]+)-(?<index>\d{5})-of-(?<count>\d{5})(-[0-9a-f]+)?\.parquet$/;

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
      choose: (paths) => shardsOf(split, { name, paths }).map((shard) => shard.path),
    },
    hubOptions,
  );
  const shards = [];
  for (const file of files) shards.push(await readReviewParquet(path.join(folder, file)));
  return new ReviewSet(`${name} ${split}`, shards.flat(), id2label);
}

/** A split's files in their order, all of one folder. */
function shardsOf(split: string, dataset: { name: string; paths: readonly string[] }): Shard[] {
  const { name, paths } = dataset;
  const all = paths.flatMap((file) => parseShard(file) ?? []);
  // listed in the order of their names, as git has them
  const shards = all.filter((shard) => shard.split === split);
  const [first] = shards;
  if (!first) {
    const splits = [...new Set(all.map((shard) => shard.split))].sort();
    const found = splits.length > 0 ? `it has ${splits.join(", ")}` : "it has no parquet files of any";
    throw new DataError(`The dataset ${name} has no split "${split}"; ${found}.`);
  }
  const folders = [...new Set(shards.map(({ folder }) => folder))];
  if (folders.length > 1)
    throw new DataError(
      `The dataset ${name} has the split "${split}" in ${folders.join(" and ")}; expected it in one folder.`,
    );
  if (shards.length !== first.count || shards.some(({ index }, at) => index !== at))
    throw new DataError(
      `The dataset ${name} has ${shards.length} of the ${first.count} files of its split "${split}"; expected all.`,
    );
  return shards;
}

function parseShard(file: string): Shard | undefined {
  const groups = SHARD.exec(path.posix.basename(file))?.groups;
  if (!groups) return undefined;
  const { split = "", index, count } = groups;
  return { path: file, folder: path.posix.dirname(file), split, index: Number(index), count: Number(count) };
}
