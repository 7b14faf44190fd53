import { createHash, type Hash } from "node:crypto";
import type { RepoFile } from "./repo-files";

/** What turns a file's content into its etag: the sha256 of an LFS file, the git object id of any other. */
export function etagHash({ isLfs, size }: Pick<RepoFile, "isLfs" | "size">): Hash {
  return isLfs ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}
