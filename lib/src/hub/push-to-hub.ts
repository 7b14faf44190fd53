import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { commitIter, createRepo, HubApiError, modelInfo } from "@huggingface/hub";
import { ArgumentError, DiagnosisError, InterruptedError } from "../runtime/errors";
import { startProgress } from "../runtime/progress";
import { shownPath } from "../runtime/repository";
import { authorization, withHub, type HubSession } from "./hub-session";
import { HubError } from "./hub-error";
import { hubSettings, type HubOptions } from "./hub-options";
import { PushedRepo, type PushedFile } from "./pushed-repo";
import { isRefName } from "./ref-name";
import type { RepoId } from "./repo-id";
import { isRepoName } from "./repo-name";

/** What to push, and where to. */
export interface PushToHubParams extends HubOptions {
  /** All of its files are pushed, but for what lies in `.git` or `.cache/huggingface` (huggingface_hub's upload_folder). */
  folder: string;
  /** Namespace and name, such as `reader/broken-sentiment`; made if it is missing. */
  repo: string;
  /** The first line of the commit. */
  commitMessage: string;
  /** Names the commit; must be new. */
  tag?: string;
  /** Whether a repository that is made is private; by default as the Hub decides. */
  private?: boolean;
  /** What `diagnose` found of the model: where a check fails, nothing is pushed. */
  diagnosis?: PushGate;
}

/** Whether a model may go out, as a diagnosis report says it. */
export interface PushGate {
  /** Names of the checks that failed. */
  readonly failed: readonly string[];
}

const MEGABYTE = 1e6;
const LEFT_OUT = /(^|\/)(\.git|\.cache\/huggingface)(\/|$)/;

/**
 * Pushes a folder as one commit: large files first, then the commit that makes all of them visible at once, then the tag. Files
 * that only the repository has stay. If it fails before the commit, the repository shows nothing of it; one that was made for the
 * push stays, empty. If the tag fails, the files are there without it.
 *
 * @throws DiagnosisError if a check of the diagnosis fails
 * @throws ArgumentError if the folder is empty, missing or cannot be read, or a name cannot be one
 * @throws HubError if there is no token, it may not write, the tag is taken, or the Hub cannot be reached
 * @throws InterruptedError if the reader interrupted it
 */
export async function pushToHub(params: PushToHubParams): Promise<PushedRepo> {
  const { folder, commitMessage, tag } = params;
  checkGate(params);
  const files = checkPush(params);
  const settings = hubSettings(params);
  if (settings.accessToken === undefined)
    throw new HubError(
      "no-token",
      "HF_TOKEN is not set; pushing needs a token with write access: set it, or run `hf auth login`.",
    );
  const repo: RepoId = { type: "model", name: params.repo };
  const task = { doing: "pushing", repo };
  const oid = await withHub(task, settings, async (session) => {
    if (!(await hasRevision(session, repo))) await makeRepo(session, repo, params);
    else if (tag !== undefined && (await hasRevision(session, repo, tag)))
      throw new HubError(
        "refused",
        `The model ${repo.name} has a revision "${tag}" already; expected a new tag. Nothing was pushed.`,
      );
    return commitFiles({ session, repo, folder, files, title: commitMessage });
  });
  if (tag !== undefined)
    await withHub(task, settings, (session) => makeTag(session, repo, oid, tag)).catch((error: unknown) => {
      throw untagged(error, `The files were pushed as commit ${oid}, without the tag ${tag}:`);
    });
  return new PushedRepo(repo.name, oid, files, tag);
}

function checkGate({ diagnosis, repo }: PushToHubParams): void {
  const failed = diagnosis?.failed ?? [];
  if (failed.length > 0)
    throw new DiagnosisError(
      `Nothing was pushed to ${repo}: the diagnosis fails at ${failed.join(", ")}. Mend what its report says, and diagnose again.`,
    );
}

function checkPush({ folder, repo, commitMessage, tag }: PushToHubParams): PushedFile[] {
  if (!isRepoName(repo) || !repo.includes("/"))
    throw new ArgumentError(
      `"${repo}" cannot be a repository; expected a namespace and a name, such as reader/broken-sentiment.`,
    );
  if (commitMessage.trim() === "")
    throw new ArgumentError("commitMessage is empty; expected what the push changes, in one line.");
  if (tag !== undefined && !isRefName(tag))
    throw new ArgumentError(`"${tag}" cannot be a tag (git's rules); expected a name such as v1.0.`);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ArgumentError(`${shownPath(folder)} is no folder; expected one with the files to push.`);
  const files = filesOf(folder);
  if (files.length === 0)
    throw new ArgumentError(`${shownPath(folder)} has no files; expected those of a model.`);
  return files;
}

/** @throws ArgumentError for what cannot be read, such as a link that leads to nothing */
function filesOf(folder: string): PushedFile[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names
      .map((name) => name.split(path.sep).join("/"))
      .filter((name) => !LEFT_OUT.test(name))
      .map((name) => ({ path: name, found: statSync(path.join(folder, name)) }))
      .flatMap(({ path: name, found }) => (found.isFile() ? [{ path: name, size: found.size }] : []))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
  } catch (error) {
    const { code = "", path: file = folder } = error as NodeJS.ErrnoException;
    throw new ArgumentError(
      `${shownPath(file)} cannot be read (${code}); expected a file, or a link to one: mend or remove it.`,
    );
  }
}

/** The same error, with what was done before it. */
function untagged(error: unknown, done: string): unknown {
  if (error instanceof HubError) return new HubError(error.failure, `${done} ${error.message}`, error);
  if (error instanceof InterruptedError) return new InterruptedError(`${done} ${error.message}`);
  return error;
}

async function hasRevision(session: HubSession, { name }: RepoId, revision?: string): Promise<boolean> {
  try {
    await modelInfo({ ...session, name, ...(revision === undefined ? {} : { revision }) });
    return true;
  } catch (error) {
    // a Hub that is asked with a token says 404 of what is missing, 401 of a wrong token
    if (error instanceof HubApiError && error.statusCode === 404) return false;
    throw error;
  }
}

async function makeRepo(session: HubSession, repo: RepoId, params: PushToHubParams): Promise<void> {
  const { private: isPrivate } = params;
  const visibility = isPrivate ? ("private" as const) : ("public" as const);
  await createRepo({
    ...session,
    accessToken: session.accessToken ?? "",
    repo,
    ...(isPrivate === undefined ? {} : { visibility }),
  });
}

async function commitFiles(params: {
  session: HubSession;
  repo: RepoId;
  folder: string;
  files: readonly PushedFile[];
  title: string;
}): Promise<string> {
  const { session, repo, folder, files, title } = params;
  const operations = files.map(({ path: name }) => {
    // a file's address is read when it is sent, not kept in memory
    return { operation: "addOrUpdate" as const, path: name, content: pathToFileURL(path.join(folder, name)) };
  });
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const total = Math.ceil(bytes / MEGABYTE);
  const progress = startProgress({ label: `pushing ${repo.name}`, total, unit: "MB" });
  const sent = new Map<string, number>();
  try {
    // every Hub takes plain LFS; Xet only some
    const commit = commitIter({ ...session, repo, operations, title, useXet: false });
    let step = await commit.next();
    for (; !step.done; step = await commit.next()) {
      const event = step.value;
      if (event.event !== "fileProgress") continue;
      const size = files.find(({ path: name }) => name === event.path)?.size ?? 0;
      if (event.state === "uploading") sent.set(event.path, event.progress * size);
      const done = [...sent.values()].reduce((sum, part) => sum + part, 0);
      progress.update(Math.floor(done / MEGABYTE), `${event.state} ${event.path}`);
    }
    if (!step.value)
      throw new HubError("refused", `The Hub took the files of ${repo.name} but names no commit.`);
    return step.value.commit.oid;
  } finally {
    progress.end();
  }
}

/** The library has no function for it; huggingface_hub's hf_api.py, `create_tag`. */
async function makeTag(session: HubSession, { name }: RepoId, commit: string, tag: string): Promise<void> {
  await session.fetch(`${session.hubUrl}/api/models/${name}/tag/${commit}`, {
    method: "POST",
    headers: { ...authorization(session), "Content-Type": "application/json" },
    body: JSON.stringify({ tag }),
  });
}
