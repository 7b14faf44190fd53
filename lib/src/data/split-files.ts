import path from "node:path";
import { DataError } from "../runtime/errors";
import { REVIEW_FILE_ENDINGS } from "./read-reviews";

/** What a set is for. */
export const SPLIT_ROLES = ["train", "validation", "test", "incoming"] as const;

/** One of {@link SPLIT_ROLES}. */
export type SplitRole = (typeof SPLIT_ROLES)[number];

/** What `datasets` also calls a split (its data_files.py), and what nobody else calls one. */
const NAMES: Record<SplitRole, readonly string[]> = {
  train: ["train", "training"],
  validation: ["validation", "valid", "val", "dev"],
  test: ["test", "testing", "eval", "evaluation"],
  incoming: ["incoming"],
};

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

/** Files of a data set. */
export interface DatasetFiles {
  /** What errors call it, such as `The dataset stanfordnlp/imdb`. */
  readonly owner: string;
  /** Below the data set's folder, with `/`. */
  readonly paths: readonly string[];
}

/**
 * A split's parquet files in their order, all of one folder.
 *
 * @throws DataError if there is none, one of them is missing, or they lie in several folders
 */
export function shardsOf(split: string, { owner, paths }: DatasetFiles): string[] {
  const all = paths.flatMap((file) => parseShard(file) ?? []);
  const shards = all
    .filter((shard) => shard.split === split)
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const [first] = shards;
  if (!first) {
    const splits = [...new Set(all.map((shard) => shard.split))].sort();
    const found = splits.length > 0 ? `it has ${splits.join(", ")}` : "it has no parquet files of any";
    throw new DataError(`${owner} has no split "${split}"; ${found}.`);
  }
  const folders = [...new Set(shards.map(({ folder }) => folder))];
  if (folders.length > 1)
    throw new DataError(
      `${owner} has the split "${split}" in ${folders.join(" and ")}; expected it in one folder.`,
    );
  if (shards.length !== first.count || shards.some(({ index }, at) => index !== at))
    throw new DataError(
      `${owner} has ${shards.length} of the ${first.count} files of its split "${split}"; expected all.`,
    );
  return shards.map((shard) => shard.path);
}

/**
 * The files of each split that a data set has, by what they are called: `datasets`' own parquet files, or else one file a split,
 * such as `train.csv` or `dev.jsonl`.
 *
 * @throws DataError if there is no split, or two that could be the same
 */
export function splitFiles(dataset: DatasetFiles): Map<SplitRole, string[]> {
  const found = new Map<SplitRole, string[]>();
  for (const role of SPLIT_ROLES) {
    const shards = [...new Set(dataset.paths.flatMap((file) => parseShard(file)?.split ?? []))]
      .filter((split) => NAMES[role].includes(split))
      .map((split) => shardsOf(split, dataset));
    const single = dataset.paths.filter((file) => isSplitFile(file, role)).map((file) => [file]);
    const [files, another] = shards.length > 0 ? shards : single;
    if (files && another)
      throw new DataError(
        `${dataset.owner} has ${files[0] ?? ""} and ${another[0] ?? ""}, each of which could be its ${role} split; expected one of them.`,
      );
    if (files) found.set(role, files);
  }
  if (found.size === 0)
    throw new DataError(
      `${dataset.owner} has no split; expected files such as train.csv, validation.jsonl or test.parquet.`,
    );
  return found;
}

function isSplitFile(file: string, role: SplitRole): boolean {
  const { name, ext } = path.posix.parse(file.toLowerCase());
  return NAMES[role].includes(name) && REVIEW_FILE_ENDINGS.includes(ext);
}

function parseShard(file: string): Shard | undefined {
  const groups = SHARD.exec(path.posix.basename(file))?.groups;
  if (!groups) return undefined;
  const { split = "", index, count } = groups;
  return { path: file, folder: path.posix.dirname(file), split, index: Number(index), count: Number(count) };
}
