import { listFiles } from "@huggingface/hub";
import { withHub, type HubSession } from "./hub-session";
import { HubError } from "./hub-error";
import { hubSettings, type HubOptions } from "./hub-options";
import type { RepoId } from "./repo-id";

/** A file of a repository, as the Hub lists it. */
export interface RepoFile {
  /** Relative to the repository, with slashes. */
  path: string;
  /** In bytes. */
  size: number;
  /** Name of its content in the cache: the sha256 of an LFS file, the git object id of any other. */
  etag: string;
  isLfs: boolean;
}

const HASH = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The paths of a model repository's files, sorted (huggingface_hub's `list_repo_files`).
 *
 * @throws HubError if there is no such repository or revision, or the Hub cannot be reached
 */
export async function listRepoFiles(
  params: HubOptions & { repo: string; revision?: string },
): Promise<string[]> {
  const { repo: name, revision = "main", ...options } = params;
  const repo: RepoId = { type: "model", name };
  const files = await withHub({ doing: "listing", repo, revision }, hubSettings(options), (session) =>
    listed({ session, repo, revision }),
  );
  return files.map((file) => file.path).sort();
}

/** All files of a revision. */
export async function listed(params: {
  session: HubSession;
  repo: RepoId;
  revision: string;
}): Promise<RepoFile[]> {
  const { session, repo, revision } = params;
  const files: RepoFile[] = [];
  // the library puts it into the address as it is
  const tree = listFiles({ ...session, repo, revision: encodeURIComponent(revision), recursive: true });
  for await (const { type, path, size, oid, lfs } of tree) {
    if (type !== "file") continue;
    const etag = lfs?.oid ?? oid ?? "";
    // both become names of files on this machine
    if (!HASH.test(etag) || path.split(/[/\\]/).includes("..") || /^([/\\]|[a-z]:)/i.test(path))
      throw new HubError("refused", `The Hub lists a file that cannot be kept: ${JSON.stringify(path)}.`);
    files.push({ path, size: lfs?.size ?? size, etag, isLfs: lfs !== undefined });
  }
  return files;
}
