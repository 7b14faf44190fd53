import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { RevisionOptions } from "../hub/pretrained-folder";
import { isRepoName } from "../hub/repo-name";
import { pullSnapshot } from "../hub/snapshot";
import { ArgumentError, DataError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { numberLabels, type KnownLabels } from "./number-labels";
import type { RawReviews } from "./raw-reviews";
import { labelledSet, readRawReviews, REVIEW_FILE_ENDINGS } from "./read-reviews";
import type { ColumnOptions } from "./review-columns";
import type { ReviewSet } from "./review-set";
import { SPLIT_ROLES, splitFiles, type SplitRole } from "./split-files";

/** Where sets lie; what stands under `data` may be several. */
export interface SplitSources extends Partial<Record<SplitRole, string>> {
  /** A file of training reviews, a folder with a file for each split, or a data set on the Hub. */
  data?: string;
}

/** How the files of sets are read, and where on the Hub they are looked for. */
export type LoadSplitsOptions = ColumnOptions & KnownLabels & RevisionOptions;

/** Sets whose labels are numbered alike, named after what they are for. */
export type ReviewSplits = Partial<Record<SplitRole, ReviewSet>>;

type RoleFiles = Partial<Record<SplitRole, readonly string[]>>;

/**
 * Loads the sets that belong together, such as training and test: files as `loadReviews` reads them, a folder or a data set
 * on the Hub with a file for each split (`train.csv`, `dev.jsonl`, or parquet files as `datasets` names them).
 *
 * @throws DataError as `loadReviews`, or if no split can be told
 * @throws ArgumentError if a set is named twice, or `data` is neither here nor can be a name on the Hub
 * @throws HubError if there is no such data set or revision, or the Hub cannot be reached and the cache has no copy
 *
 * @example
 * const { train, test } = await loadSplits({ data: "reviews/" }, { labelColumn: "stars" });
 */
export async function loadSplits(
  sources: SplitSources,
  options: LoadSplitsOptions = {},
): Promise<ReviewSplits> {
  const files = await chooseFiles(sources, options);
  const roles = SPLIT_ROLES.filter((role) => files[role]);
  const raw: RawReviews[] = [];
  for (const role of roles) raw.push(await readAll(files[role] ?? [], options));
  const { id2label, ids } = numberLabels(raw, options);
  const sets = raw.map((part, at) => labelledSet(roles[at] ?? "", part, { id2label, ids: ids[at] ?? [] }));
  return Object.fromEntries(roles.map((role, at) => [role, sets[at]]));
}

async function chooseFiles(sources: SplitSources, options: RevisionOptions): Promise<RoleFiles> {
  const files = sources.data === undefined ? {} : await filesOf(sources.data, options);
  for (const role of SPLIT_ROLES) {
    const file = sources[role];
    if (file === undefined) continue;
    if (files[role])
      throw new ArgumentError(
        `${shownPath(file)} was given for ${role}, which ${shownPath(sources.data ?? "")} has too; expected one of them.`,
      );
    files[role] = [file];
  }
  return files;
}

/** Files of one set, one after the other. */
async function readAll(files: readonly string[], columns: ColumnOptions): Promise<RawReviews> {
  const parts = [];
  for (const file of files) parts.push(await readRawReviews(file, columns));
  const labelNames = parts.find((part) => part.labelNames)?.labelNames;
  return {
    texts: parts.flatMap(({ texts }) => texts),
    labels: parts.flatMap(({ labels }) => labels),
    ...(labelNames && { labelNames }),
  };
}

/** A file is a training set. */
async function filesOf(data: string, options: RevisionOptions): Promise<RoleFiles> {
  if (existsSync(data)) return statSync(data).isDirectory() ? filesOfFolder(data) : { train: [data] };
  const isMeantAsFile = REVIEW_FILE_ENDINGS.includes(path.extname(data).toLowerCase());
  if (isMeantAsFile || !isRepoName(data))
    throw new DataError(
      `${shownPath(data)} does not exist; expected a file of reviews, a folder with train.csv and the like, or a data set on the Hub such as stanfordnlp/imdb.`,
    );
  const request = {
    repo: { type: "dataset", name: data },
    revision: options.revision ?? "main",
    choose: (paths: readonly string[]) =>
      [...splitFiles({ owner: `The dataset ${data}`, paths }).values()].flat(),
  } as const;
  const { folder, files } = await pullSnapshot(request, options);
  return inFolder(folder, splitFiles({ owner: `The dataset ${data}`, paths: files }));
}

function filesOfFolder(folder: string): RoleFiles {
  const paths = readdirSync(folder).sort();
  return inFolder(folder, splitFiles({ owner: `The folder ${shownPath(folder)}`, paths }));
}

function inFolder(folder: string, files: ReadonlyMap<SplitRole, readonly string[]>): RoleFiles {
  return Object.fromEntries(
    [...files].map(([role, paths]) => [role, paths.map((file) => path.join(folder, file))]),
  );
}
