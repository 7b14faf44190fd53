import { createHash } from "node:crypto";
import { isRefName } from "../ref-name";
import { badRequest } from "./refusal";

/** What a repository holds. */
export type RepositoryType = "model" | "dataset" | "space";

/** What stands for each type in addresses. */
export const PLURALS: Readonly<Record<RepositoryType, string>> = {
  model: "models",
  dataset: "datasets",
  space: "spaces",
};

/** The type that a part of an address stands for; models have none on their pages. */
export function typeOf(plural: string): RepositoryType {
  return plural === "datasets" ? "dataset" : plural === "spaces" ? "space" : "model";
}

/** Which repository: `name` is `namespace/name`. */
export interface RepositoryId {
  type: RepositoryType;
  name: string;
}

const LONGEST_NAME = 96;
const LONGEST_PATH = 1024;
/** What stands where a namespace could stand in the Hub's addresses. */
const RESERVED = new Set(["api", "datasets", "models", "spaces"]);

/**
 * A namespace or a repository's name, as huggingface_hub's `validate_repo_id` allows them.
 *
 * These two alone become names on disk.
 *
 * @throws HubRefusal (400) for anything else
 */
export function checkName(name: string): string {
  const sound =
    /^[A-Za-z0-9_]([\w.-]*[A-Za-z0-9_])?$/.test(name) &&
    name.length <= LONGEST_NAME &&
    !/--|\.\.|\.git$/i.test(name) &&
    !RESERVED.has(name);
  if (!sound)
    throw badRequest(
      `Repository names are letters, digits, "-", "_" and ".", at most ${LONGEST_NAME}, not starting or ending with "-" or ".", without "--", ".." or ".git"; found ${shown(name)}.`,
    );
  return name;
}

/**
 * The path of a file in a repository: parts joined by `/`, none of them empty, `.`, `..` or `.git`.
 *
 * @throws HubRefusal (400) for a path that could lead out of the folder that a client downloads into
 */
export function checkPath(path: string): string {
  const parts = path.split("/");
  const sound =
    path.length <= LONGEST_PATH &&
    // control characters and the other system's separator
    // eslint-disable-next-line no-control-regex
    !/[\u0000-\u001f\u007f\\]/.test(path) &&
    // half a pair is no UTF-8, which names are for git
    Buffer.from(path).toString() === path &&
    parts.every((part) => part !== "" && !isReserved(part));
  if (!sound)
    throw badRequest(
      `A path in a repository has parts joined by "/", none empty, ".", ".." or ".git"; found ${shown(path)}.`,
    );
  return path;
}

/** Signs that some file systems leave out of a name. */
const UNSEEN = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Whether some file system takes a name for this folder, the one above, or git's own (git's is_hfs_dotgit, is_ntfs_dotgit). */
function isReserved(part: string): boolean {
  const seen = part.replace(UNSEEN, "").toLowerCase();
  const [name = ""] = seen.split(":");
  return seen === "." || seen === ".." || /^(\.git|\.?git~[1-9])[. ]*$/.test(name);
}

/**
 * The name of a branch or tag.
 *
 * @throws HubRefusal (400) for a name that git's `check-ref-format` refuses, or one that looks like a commit
 */
export function checkRefName(name: string): string {
  if (!isRefName(name))
    throw badRequest(`A branch or tag is named like "main" or "v1.0" (git's rules); found ${shown(name)}.`);
  return name;
}

/** An id of the Hub's form, 24 hexadecimal digits, the same whenever the name is. */
export function hexId(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 24);
}

/** A name as a message may hold it: escaped and short. */
function shown(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
}
