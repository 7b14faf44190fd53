import path from "node:path";
import { pathToFileURL } from "node:url";
import { commitIter, HubApiError, type CommitOutput } from "@huggingface/hub";
import { startProgress } from "../runtime/progress";
import { changedFiles } from "./changed-files";
import { HubError } from "./hub-error";
import type { HubSession } from "./hub-session";
import { isPassing } from "./network-failure";
import type { PushedFile } from "./pushed-repo";
import { repoCommit } from "./repo-commit";
import { listed } from "./repo-files";
import type { RepoId } from "./repo-id";
import { withRetries } from "./retries";

/** What to commit, and where. */
export interface PushCommit {
  session: HubSession;
  repo: RepoId;
  folder: string;
  files: readonly PushedFile[];
  /** The commit's first line. */
  title: string;
  /** What follows it. */
  description: string;
  /** A branch that is there. */
  branch: string;
  /** Whether to propose the commit in place of putting it on the branch. */
  isPullRequest: boolean;
}

/** A commit that holds all files. */
export interface PushOutcome {
  /** All 40 digits. */
  commit: string;
  /** Whether it held them already, so that nothing was sent. */
  isUnchanged: boolean;
  pullRequestUrl?: string | undefined;
}

const MEGABYTE = 1e6;

/**
 * Commits those files that the branch has not got; none at all if it has them all. A commit of which no answer came may have been
 * made: so the branch is looked at anew before another try, and names its parent, which the Hub refuses if the branch has moved on
 * meanwhile. A pull request is tried once: nothing would keep the Hub from opening two.
 */
export async function pushCommit(push: PushCommit): Promise<PushOutcome> {
  const { session, repo, folder, files, branch, isPullRequest } = push;
  let isFirst = true;
  const attempt = async (): Promise<PushOutcome> => {
    const head = await repoCommit(session, repo, branch);
    const held = await listed({ session, repo, revision: head });
    const changed = await changedFiles({ folder, files, held, signal: session.abortSignal });
    if (changed.length === 0) return { commit: head, isUnchanged: isFirst };
    isFirst = false;
    const { commit, pullRequestUrl } = await sendCommit({ ...push, files: changed, parent: head });
    return { commit: commit.oid, isUnchanged: false, pullRequestUrl };
  };
  return withRetries(attempt, {
    delays: session.retryDelays,
    signal: session.abortSignal,
    mayRepeat: (error) => {
      const isOvertaken = error instanceof HubApiError && error.statusCode === 412;
      return !isPullRequest && (isOvertaken || isPassing(error));
    },
  });
}

async function sendCommit(push: PushCommit & { parent: string }): Promise<CommitOutput> {
  const { session, repo, folder, files, title, description, branch, isPullRequest, parent } = push;
  const operations = files.map(({ path: name }) => {
    // a file's address is read when it is sent, not kept in memory
    return { operation: "addOrUpdate" as const, path: name, content: pathToFileURL(path.join(folder, name)) };
  });
  const sizes = new Map(files.map((file) => [file.path, file.size]));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const total = Math.ceil(bytes / MEGABYTE);
  const progress = startProgress({ label: `pushing ${repo.name}`, total, unit: "MB" });
  const sent = new Map<string, number>();
  try {
    const commit = commitIter({
      ...{ ...session, repo, operations, title, description, branch, isPullRequest, parentCommit: parent },
      // every Hub takes plain LFS; Xet only some
      useXet: false,
    });
    let step = await commit.next();
    for (; !step.done; step = await commit.next()) {
      const event = step.value;
      if (event.event !== "fileProgress") continue;
      if (event.state === "uploading") sent.set(event.path, event.progress * (sizes.get(event.path) ?? 0));
      const done = [...sent.values()].reduce((sum, part) => sum + part, 0);
      progress.update(Math.floor(done / MEGABYTE), `${event.state} ${event.path}`);
    }
    if (!step.value)
      throw new HubError("refused", `The Hub took the files of ${repo.name} but names no commit.`);
    // small files go without a word of how far they are
    progress.update(total);
    return step.value;
  } finally {
    progress.end();
  }
}
