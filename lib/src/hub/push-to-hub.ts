import { statSync } from "node:fs";
import { createBranch, createRepo, HubApiError } from "@huggingface/hub";
import { ArgumentError, DiagnosisError, InterruptedError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { folderFiles, type PushedCheckpoints } from "./folder-files";
import { authorization, requiredToken, withHub, type HubSession } from "./hub-session";
import { HubError, shownRepo } from "./hub-error";
import { hubSettings, type HubOptions } from "./hub-options";
import { isPassing } from "./network-failure";
import { pushCommit } from "./push-commit";
import { PushedRepo, type PushedFile } from "./pushed-repo";
import { isRefName } from "./ref-name";
import { repoCommitIfAny } from "./repo-commit";
import type { RepoId } from "./repo-id";
import { isRepoName } from "./repo-name";
import { withRetries } from "./retries";

/** What to push, and where to. */
export interface PushToHubParams extends HubOptions {
  /** All of its files are pushed, but for what lies in `.git` or `.cache/huggingface` (huggingface_hub's upload_folder). */
  folder: string;
  /** Namespace and name, such as `reader/broken-sentiment`; made if it is missing. */
  repo: string;
  /** What the repository is (huggingface_hub's `repo_type`); a model by default. */
  repoType?: RepoId["type"];
  /** What runs a Space that is made (huggingface_hub's `space_sdk`); static, which is served as it is, by default. */
  spaceSdk?: SpaceSdk;
  /** The first line of the commit. */
  commitMessage: string;
  /** What follows that line; of a pull request, what it says. */
  commitDescription?: string;
  /** The branch to push to, made from the default one if it is missing; `main` by default. */
  branch?: string;
  /** Whether to propose the commit, as a pull request to `main`, in place of making it (huggingface_hub's `create_pr`). */
  createPullRequest?: boolean;
  /** Names the commit; must be new. */
  tag?: string;
  /** Whether a repository that is made is private; by default as the Hub decides. */
  private?: boolean;
  /**
   * Which `checkpoint-<step>` folders go along, if the folder is where a training run has put them: the one with the most steps
   * ("last"), none, or all, as by default.
   */
  checkpoints?: PushedCheckpoints;
  /** What `diagnose` found of the model: where a check fails, nothing is pushed. */
  diagnosis?: PushGate;
}

/** What may run a Space; docker takes a Dockerfile. */
export type SpaceSdk = "static" | "gradio" | "docker";

/** Whether a model may go out, as a diagnosis report says it. */
export interface PushGate {
  /** Names of the checks that failed. */
  readonly failed: readonly string[];
}

/**
 * Pushes a folder as one commit: large files first, then the commit that makes all of them visible at once, then the tag. What the
 * repository has already is not sent again; if it has all, there is no commit. Files that only the repository has stay. If it fails
 * before the commit, the repository shows nothing of it; one that was made for the push stays, empty. If the tag fails, the files
 * are there without it: push again, and only the tag is made.
 *
 * @throws DiagnosisError if a check of the diagnosis fails
 * @throws ArgumentError if the folder is empty, missing or cannot be read, or a name cannot be one
 * @throws HubError if there is no token, it may not write, the tag is taken, or the Hub cannot be reached
 * @throws InterruptedError if the reader interrupted it
 */
export async function pushToHub(params: PushToHubParams): Promise<PushedRepo> {
  const { folder, branch, tag } = params;
  checkGate(params);
  const files = checkPush(params);
  const settings = hubSettings(params);
  requiredToken(settings, "; pushing needs a token with write access");
  const repo: RepoId = { type: params.repoType ?? "model", name: params.repo };
  const task = { doing: "pushing", repo };
  const outcome = await withHub(task, settings, async (session) => {
    await prepareRepo(session, repo, params);
    return pushCommit({
      ...{ session, repo, folder, files },
      ...{ title: params.commitMessage, description: params.commitDescription ?? "" },
      ...{ branch: branch ?? "main", isPullRequest: params.createPullRequest ?? false },
    });
  });
  const { commit } = outcome;
  if (tag !== undefined)
    await withHub(task, settings, (session) => makeTag(session, repo, commit, tag)).catch(
      (error: unknown) => {
        throw untagged(error, `The files were pushed as commit ${commit}, without the tag ${tag}:`);
      },
    );
  return new PushedRepo({ repo: repo.name, ...outcome, files, branch, tag });
}

function checkGate({ diagnosis, repo }: PushToHubParams): void {
  const failed = diagnosis?.failed ?? [];
  if (failed.length > 0)
    throw new DiagnosisError(
      `Nothing was pushed to ${repo}: the diagnosis fails at ${failed.join(", ")}. Mend what its report says, and diagnose again.`,
    );
}

function checkPush(params: PushToHubParams): PushedFile[] {
  const { folder, repo, commitMessage, branch, tag } = params;
  if (!isRepoName(repo) || !repo.includes("/"))
    throw new ArgumentError(
      `"${repo}" cannot be a repository; expected a namespace and a name, such as reader/broken-sentiment.`,
    );
  if (commitMessage.trim() === "")
    throw new ArgumentError("commitMessage is empty; expected what the push changes, in one line.");
  if (tag !== undefined && !isRefName(tag))
    throw new ArgumentError(`"${tag}" cannot be a tag (git's rules); expected a name such as v1.0.`);
  if (branch !== undefined && !isRefName(branch))
    throw new ArgumentError(
      `"${branch}" cannot be a branch (git's rules); expected a name such as try-this.`,
    );
  if (params.createPullRequest && branch !== undefined)
    throw new ArgumentError(
      `A push makes a pull request or goes to a branch; found both, with the branch "${branch}": leave one out.`,
    );
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ArgumentError(`${shownPath(folder)} is no folder; expected one with the files to push.`);
  const files = folderFiles(folder, params.checkpoints ?? "all");
  if (files.length === 0)
    throw new ArgumentError(
      `${shownPath(folder)} has no files; expected those of a ${params.repoType ?? "model"}.`,
    );
  return files;
}

/** The same error, with what was done before it. */
function untagged(error: unknown, done: string): unknown {
  if (error instanceof HubError) return new HubError(error.failure, `${done} ${error.message}`, error);
  if (error instanceof InterruptedError) return new InterruptedError(`${done} ${error.message}`);
  return error;
}

/** Makes what is missing: the repository, or the branch in it. */
async function prepareRepo(session: HubSession, repo: RepoId, params: PushToHubParams): Promise<void> {
  const { branch, tag } = params;
  if ((await repoCommitIfAny(session, repo)) === undefined) await makeRepo(session, repo, params);
  else if (tag !== undefined && (await repoCommitIfAny(session, repo, tag)) !== undefined)
    throw new HubError(
      "refused",
      `The ${shownRepo(repo)} has a revision "${tag}" already; expected a new tag. Nothing was pushed.`,
    );
  if (branch !== undefined && (await repoCommitIfAny(session, repo, branch)) === undefined)
    await unlessThere(createBranch({ ...session, repo, branch }));
}

/** What somebody else has made meanwhile (409) is there, and that is all that is wanted (huggingface_hub's `exist_ok`). */
async function unlessThere(making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (!(error instanceof HubApiError) || error.statusCode !== 409) throw error;
  }
}

async function makeRepo(session: HubSession, repo: RepoId, params: PushToHubParams): Promise<void> {
  const { private: isPrivate } = params;
  const visibility = isPrivate ? ("private" as const) : ("public" as const);
  await unlessThere(
    createRepo({
      ...session,
      accessToken: session.accessToken ?? "",
      repo,
      ...(repo.type === "space" && { sdk: params.spaceSdk ?? "static" }),
      ...(isPrivate === undefined ? {} : { visibility }),
    }),
  );
}

/**
 * The library has no function for it; huggingface_hub's hf_api.py, `create_tag`. A tag of which no answer came may have been made:
 * so it is looked for before another try.
 */
async function makeTag(session: HubSession, repo: RepoId, commit: string, tag: string): Promise<void> {
  let isFirst = true;
  const attempt = async (): Promise<void> => {
    if (!isFirst && (await repoCommitIfAny(session, repo, tag)) === commit) return;
    isFirst = false;
    await session.fetch(`${session.hubUrl}/api/${repo.type}s/${repo.name}/tag/${commit}`, {
      method: "POST",
      headers: { ...authorization(session), "Content-Type": "application/json" },
      body: JSON.stringify({ tag }),
    });
  };
  const { retryDelays: delays, abortSignal: signal } = session;
  await withRetries(attempt, { delays, signal, mayRepeat: isPassing });
}
