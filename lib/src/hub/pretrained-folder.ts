import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { HubError } from "./hub-error";
import type { HubOptions } from "./hub-options";
import { isRepoName } from "./repo-name";
import { pullSnapshot } from "./snapshot";

/** Where on a Hub to look: {@link HubOptions}, and at which version. */
export interface RevisionOptions extends HubOptions {
  /** A branch, a tag or a commit; `main` by default. */
  revision?: string;
}

/** The files of a model that are wanted, as paths in its repository. */
export interface PretrainedFiles {
  /** A file that must be there, or several of which the first that is there is taken. */
  required: readonly (string | readonly string[])[];
  /** Of one that is not there, nothing is said. */
  optional?: readonly string[];
  /** Names the files that others name, such as the shards of an index, out of a folder with those that were pulled. */
  further?: (folder: string) => readonly string[];
}

/**
 * The folder of a model: the one named, or the files of a model on the Hub, pulled into the cache that Python shares.
 *
 * @param nameOrFolder - a folder, or a name such as `distilbert/distilbert-base-uncased`
 * @throws ArgumentError if it is neither a folder nor can be a name
 * @throws HubError if the Hub has no such model, revision or file, or cannot be reached and the cache has no copy
 */
export async function pretrainedFolder(
  nameOrFolder: string,
  files: PretrainedFiles,
  options: RevisionOptions = {},
): Promise<string> {
  if (existsSync(nameOrFolder)) {
    if (statSync(nameOrFolder).isDirectory()) return nameOrFolder;
    throw new ArgumentError(`${shownPath(nameOrFolder)} is a file; expected a model's folder or name.`);
  }
  if (!isRepoName(nameOrFolder))
    throw new ArgumentError(
      `${shownName(nameOrFolder)} is no folder here and cannot be a model on the Hub; expected a folder, or a name such as distilbert/distilbert-base-uncased.`,
    );
  const { revision = "main", ...hubOptions } = options;
  try {
    const folder = await pull(nameOrFolder, files, { ...hubOptions, revision });
    const further = files.further?.(folder) ?? [];
    // of the same commit: a branch may have moved on meanwhile
    return further.length === 0
      ? folder
      : await pull(nameOrFolder, { required: further }, { ...hubOptions, revision: path.basename(folder) });
  } catch (error) {
    if (!(error instanceof HubError) || !["no-repo", "unreachable"].includes(error.failure)) throw error;
    // the name may have been meant for a folder
    throw new HubError(
      error.failure,
      `${error.message} There is no folder ${nameOrFolder} here either.`,
      error,
    );
  }
}

async function pull(
  name: string,
  files: PretrainedFiles,
  options: HubOptions & { revision: string },
): Promise<string> {
  const { revision, ...hubOptions } = options;
  const optional = files.optional ?? [];
  const required = files.required.map((file) => (typeof file === "string" ? [file] : file));
  const choose = (paths: readonly string[]): string[] => {
    const missing = required.filter((group) => !group.some((file) => paths.includes(file)));
    if (missing.length > 0)
      throw new HubError(
        "no-file",
        `The model ${name} has no ${missing.map((group) => group.join(" or ")).join(" and no ")} at ${revision}; it has ${paths.join(", ") || "no file"}.`,
      );
    const found = required.flatMap((group) => group.find((file) => paths.includes(file)) ?? []);
    return [...found, ...optional.filter((file) => paths.includes(file))];
  };
  const named = [...required.flatMap(([first]) => first ?? []), ...optional];
  const repo = { type: "model", name } as const;
  return (await pullSnapshot({ repo, revision, choose, named }, hubOptions)).folder;
}

/** A folder's name without the way to it on this machine; anything else as it was given. */
function shownName(nameOrFolder: string): string {
  return /^[/~.]/.test(nameOrFolder) ? shownPath(nameOrFolder) : JSON.stringify(nameOrFolder);
}
