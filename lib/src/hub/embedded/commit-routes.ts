import type { NewCommit } from "./commit";
import { applyOperations, contentsOf, parseCommit } from "./commit-operations";
import type { HubCall } from "./hub-call";
import { openPullRequest } from "./pull-requests";
import { HubRefusal, revisionNotFound } from "./refusal";
import type { HubRepository } from "./repository";
import { commitDate } from "./repository-store";
import { readBody } from "./request-body";
import { apiRoute, type Route } from "./router";

/** A commit's regular files come in one body: some dozens of the largest ones. */
const LARGEST_COMMIT = 128 * 1024 * 1024;

/** Making a commit, on a branch, on a pull request, or as a new pull request. */
export const COMMIT_ROUTES: Route[] = [apiRoute("POST", "/commit/{revision}", createCommit)];

async function createCommit(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readBody(call.params.request, LARGEST_COMMIT);
  const { header, operations } = parseCommit(body);
  const revision = call.parameter("revision");
  const isPullRequest = call.params.query.get("create_pr") === "1";
  // nobody else may come between the head and its successor
  const { id, pullRequest } = await repository.exclusively(async () => {
    const { ref, head } = await headOf(repository, revision);
    if (header.parentCommit !== undefined && header.parentCommit !== head && !isPullRequest)
      throw new HubRefusal("A commit has happened since. Please refresh and try again.", { status: 412 });
    const { files } = await repository.commitAt(head);
    const after = applyOperations({ repository, files, operations });
    const author = call.params.hub.access.user;
    const commit: NewCommit = {
      ...{ parent: head, title: header.title, message: header.message, author, date: commitDate() },
      ...{ files: after, contents: contentsOf(operations, after) },
    };
    if (!isPullRequest) return { id: await repository.commit(ref, commit), pullRequest: undefined };
    const branch = ref.replace(/^refs\/heads\//, "");
    const opened = await openPullRequest(repository, { ...header, author, base: { branch, commit: head } });
    return { id: await repository.commit(`refs/pr/${opened.num}`, commit), pullRequest: opened };
  });
  const page = call.pageOf(repository.id);
  call.sendJson({
    success: true,
    commitOid: id,
    commitUrl: `${page}/commit/${id}`,
    hookOutput: "",
    ...(pullRequest && { pullRequestUrl: `${page}/discussions/${pullRequest.num}` }),
  });
}

/** What a commit to a revision follows, and the ref that shall stand for it. */
async function headOf(repository: HubRepository, revision: string): Promise<{ ref: string; head: string }> {
  const { branches, pullRequests } = await repository.refs();
  const pull = /^refs\/pr\/(\d+)$/.exec(revision)?.[1];
  const branch = revision.replace(/^refs\/heads\//, "");
  const head = pull === undefined ? branches.get(branch) : pullRequests.get(pull);
  if (head === undefined) throw revisionNotFound(revision);
  return { ref: pull === undefined ? `refs/heads/${branch}` : revision, head };
}
