import { LibError } from "../runtime/errors";
import { startProgress } from "../runtime/progress";
import { CachedRepo, isCommit } from "./cache-layout";
import { freeBytes } from "./free-part";
import { withHub, type HubSession } from "./hub-session";
import { HubError, shownRepo } from "./hub-error";
import { hubSettings, type HubOptions, type HubSettings } from "./hub-options";
import { repoCommit } from "./repo-commit";
import { listed, type RepoFile } from "./repo-files";
import type { RepoId } from "./repo-id";
import { sideBySide } from "./side-by-side";
import { downloadVerified } from "./verified-download";

const MEGABYTE = 1e6;
/** How many files are pulled at once (huggingface_hub's `snapshot_download`). */
const MAX_WORKERS = 8;

/** What to pull. */
export interface SnapshotRequest {
  repo: RepoId;
  /** A branch, a tag or a commit. */
  revision: string;
  /** Picks the files to pull out of those there are; throws where one that is needed is missing. */
  choose: (paths: readonly string[]) => string[];
  /** All that `choose` could pick, where that is known without a list of the files. */
  named?: readonly string[];
}

/** Files of one commit, in the cache. */
export interface Snapshot {
  folder: string;
  /** Paths below the folder, as they were chosen. */
  files: string[];
}

/** What a Hub says that a repository has. */
interface FoundSnapshot {
  cache: CachedRepo;
  /** All 40 digits. */
  commit: string;
  available: RepoFile[];
}

/**
 * Brings chosen files of a repository into huggingface_hub's cache, all of one commit, and fetches only what is not there yet. A
 * Hub that cannot be reached is not missed if the cache has the commit that the revision named last. Of a whole commit with named
 * files, all in the cache, it is not even asked.
 *
 * @throws HubError if there is no such repository, revision or file, a file came damaged, or neither Hub nor cache has it
 * @throws InterruptedError if the reader interrupted it; what came until then stays for the next time
 */
export async function pullSnapshot(request: SnapshotRequest, options: HubOptions): Promise<Snapshot> {
  const { repo, revision, choose } = request;
  const settings = hubSettings(options);
  const found = await findSnapshot(request, settings);
  if (!("available" in found)) return found;
  const { cache, commit, available } = found;
  // a file that breaks off from here on is one that the cache has not
  return withHub({ doing: "pulling", repo, revision }, settings, async (session) => {
    const files = choose(available.map(({ path }) => path));
    const wanted = available.filter(({ path }) => files.includes(path));
    await fetchMissing({ session, cache, repo, commit, wanted });
    // last, so that a revision never names a snapshot that was not finished
    if (!isCommit(revision)) cache.remember(revision, commit);
    return { folder: cache.snapshot(commit), files };
  });
}

/**
 * What a repository has at a revision; or the chosen files, if the cache has them and the Hub need not or cannot be asked.
 *
 * @throws HubError if there is no such repository or revision, or neither Hub nor cache has it
 */
export async function findSnapshot(
  request: SnapshotRequest,
  settings: HubSettings,
): Promise<FoundSnapshot | Snapshot> {
  const { repo, revision, named } = request;
  const cache = new CachedRepo(settings.cacheDir, repo);
  if (isCommit(revision) && named && hasAll(cache, revision, named))
    return { folder: cache.snapshot(revision), files: [...named] };
  let resolved: string | undefined;
  try {
    return await withHub({ doing: "pulling", repo, revision }, settings, async (session) => {
      const commit = (resolved = await repoCommit(session, repo, revision));
      return { cache, commit, available: await listed({ session, repo, revision: commit }) };
    });
  } catch (error) {
    if (!(error instanceof HubError) || error.failure !== "unreachable") throw error;
    // a Hub that named the commit before it failed knows better than the cache
    return (
      cachedSnapshot(cache, request, resolved ?? cache.commitOf(revision)) ?? withoutCopy(error, request)
    );
  }
}

function hasAll(cache: CachedRepo, commit: string, named: readonly string[]): boolean {
  const held = cache.files(commit);
  return named.every((file) => held.includes(file));
}

async function fetchMissing(params: {
  session: HubSession;
  cache: CachedRepo;
  repo: RepoId;
  commit: string;
  wanted: readonly RepoFile[];
}): Promise<void> {
  const { session, cache, repo, commit, wanted } = params;
  const missing = wanted.filter((file) => !cache.hasFile({ commit, ...file }));
  for (const file of missing) if (cache.hasBlob(file)) cache.link({ commit, ...file });
  // two paths may have the same content
  const contents = new Map(missing.filter((file) => !cache.hasBlob(file)).map((file) => [file.etag, file]));
  const fetched = [...contents.values()];
  const bytes = fetched.reduce((sum, { size }) => sum + size, 0);
  const sizes = new Map(fetched.map(({ etag }) => [etag, freeBytes(cache.blob(etag))]));
  let done = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const [total, initial] = [Math.ceil(bytes / MEGABYTE), Math.floor(done / MEGABYTE)];
  const progress = startProgress({ label: `pulling ${repo.name}`, total, unit: "MB", initial });
  try {
    await sideBySide(fetched, MAX_WORKERS, async (expected, signal) => {
      const onSize = (size: number): void => {
        done += size - (sizes.get(expected.etag) ?? 0);
        sizes.set(expected.etag, size);
        progress.update(Math.floor(done / MEGABYTE), expected.path);
      };
      const url = contentUrl({ session, repo, commit, path: expected.path });
      const target = cache.blob(expected.etag);
      await downloadVerified({ url, session, expected, target, signal, onSize });
      for (const file of missing) if (file.etag === expected.etag) cache.link({ commit, ...file });
    });
  } finally {
    progress.end();
  }
}

/** Where a file's content is; the library's `downloadFile` would ask twice, and drop the reason when an answer breaks off. */
export function contentUrl(params: {
  session: HubSession;
  repo: RepoId;
  commit: string;
  path: string;
}): string {
  const { session, repo, commit, path } = params;
  const kind = repo.type === "model" ? "" : `${repo.type}s/`;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${session.hubUrl}/${kind}${repo.name}/resolve/${commit}/${encoded}`;
}

function cachedSnapshot(
  cache: CachedRepo,
  { choose }: SnapshotRequest,
  commit: string | undefined,
): Snapshot | undefined {
  if (commit === undefined) return undefined;
  try {
    return { folder: cache.snapshot(commit), files: choose(cache.files(commit)) };
  } catch (error) {
    // the cache need not hold all that the repository has: its lack of a file says nothing about the repository
    if (error instanceof LibError) return undefined;
    throw error;
  }
}

function withoutCopy(error: HubError, { repo, revision }: SnapshotRequest): never {
  throw new HubError(
    "unreachable",
    `${error.message} A copy in the cache would have been used; it has no whole one of the ${shownRepo(repo)} at ${revision}.`,
    error,
  );
}
