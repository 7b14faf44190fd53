import { existsSync, statSync } from "node:fs";
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

/**
 * The folder of a model: the one named, or the files of a model on the Hub, pulled into the cache that Python shares.
 *
 * @param nameOrFolder - a folder, or a name such as `distilbert/distilbert-base-uncased`
 * @param files - paths in the repository; of an `optional` one that is not there, nothing is said
 * @throws ArgumentError if it is neither a folder nor can be a name
 * @throws HubError if the Hub has no such model, revision or file, or cannot be reached and the cache has no copy
 */
export async function pretrainedFolder(
  nameOrFolder: string,
  files: { required: readonly string[]; optional?: readonly string[] },
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
  const repo = { type: "model", name: nameOrFolder } as const;
  const choose = (paths: readonly string[]): string[] => {
    const missing = files.required.filter((file) => !paths.includes(file));
    if (missing.length > 0)
      throw new HubError(
        "no-file",
        `The model ${nameOrFolder} has no ${missing.join(" and no ")} at ${revision}; it has ${paths.join(", ") || "no file"}.`,
      );
    return [...files.required, ...(files.optional ?? []).filter((file) => paths.includes(file))];
  };
  const named = [...files.required, ...(files.optional ?? [])];
  try {
    return (await pullSnapshot({ repo, revision, choose, named }, hubOptions)).folder;
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

/** A folder's name without the way to it on this machine; anything else as it was given. */
function shownName(nameOrFolder: string): string {
  return /^[/~.]/.test(nameOrFolder) ? shownPath(nameOrFolder) : JSON.stringify(nameOrFolder);
}
