import { comment, event, type Discussion, type DiscussionEvent } from "./discussion";
import type { HubCall } from "./hub-call";
import {
  conflictsOf,
  keepDiscussion,
  mergePullRequest,
  openDiscussion,
  openPullRequest,
} from "./pull-requests";
import { badRequest, HubRefusal } from "./refusal";
import type { HubRepository } from "./repository";
import { asText, readObject } from "./request-body";
import { apiRoute, type Route } from "./router";

const PAGE = 10;

/** Discussions and pull requests. */
export const DISCUSSION_ROUTES: Route[] = [
  apiRoute("GET", "/discussions", list),
  apiRoute("POST", "/discussions", open),
  apiRoute("GET", "/discussions/{num}", details),
  apiRoute("POST", "/discussions/{num}/comment", addComment),
  apiRoute("POST", "/discussions/{num}/status", changeStatus),
  apiRoute("POST", "/discussions/{num}/title", changeTitle),
  apiRoute("POST", "/discussions/{num}/merge", merge),
];

function list(call: HubCall): void {
  const repository = call.repository();
  const { query } = call.params;
  const [type, status, author] = ["type", "status", "author"].map((name) => query.get(name) ?? "all");
  const chosen = repository.settings.discussions.filter(
    (one) =>
      (type === "all" || one.isPullRequest === (type === "pull_request")) &&
      (status === "all" || (status === "open") === (one.status === "open" || one.status === "draft")) &&
      (author === "all" || one.author === author),
  );
  const start = PAGE * Number(query.get("p") ?? 0);
  const discussions = chosen.reverse().slice(start, start + PAGE);
  call.sendJson({
    discussions: discussions.map((one) => told(repository, one)),
    ...{ count: chosen.length, start },
  });
}

async function open(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const body = await readObject(call.params.request);
  const title = asText(body["title"], "title").trim();
  if (title.length < 3) throw badRequest("A title has at least three letters.");
  const message = asText(body["description"] ?? "", "description");
  const opening = { title, message, author: call.params.hub.access.user };
  const opened = await repository.exclusively(async () => {
    if (body["pullRequest"] !== true) return openDiscussion(repository, opening);
    const { id } = await repository.commitAt("HEAD");
    return openPullRequest(repository, { ...opening, base: { branch: "main", commit: id } });
  });
  call.sendJson({
    ...told(repository, opened),
    url: `${call.pageOf(repository.id)}/discussions/${opened.num}`,
  });
}

async function details(call: HubCall): Promise<void> {
  const repository = call.repository();
  const one = found(repository, call);
  const { base, events, mergeCommit } = one;
  call.sendJson({
    ...told(repository, one),
    events,
    ...(base && {
      changes: { base: `refs/heads/${base.branch}`, ...(mergeCommit && { mergeCommitId: mergeCommit }) },
      filesWithConflicts: one.status === "open" ? await conflictsOf(repository, one) : [],
    }),
  });
}

async function addComment(call: HubCall): Promise<void> {
  await change(call, async (one, deed) => {
    const { comment: text } = await readObject(call.params.request);
    const said = comment(asText(text, "comment"), deed);
    return { changed: { ...one, events: [...one.events, said] }, answer: { newMessage: said } };
  });
}

async function changeStatus(call: HubCall): Promise<void> {
  await change(call, async (one, deed) => {
    const body = await readObject(call.params.request);
    const { status } = body;
    if (status !== "open" && status !== "closed")
      throw badRequest(`Expected "status" to be "open" or "closed".`);
    if (one.status === "merged") throw badRequest(`Number ${one.num} is merged already.`);
    const done = event("status-change", { status }, deed);
    const said = body["comment"] ? [comment(asText(body["comment"], "comment"), deed)] : [];
    const changed: Discussion = { ...one, status, events: [...one.events, ...said, done] };
    return { changed, answer: { newStatus: done } };
  });
}

async function changeTitle(call: HubCall): Promise<void> {
  await change(call, async (one, deed) => {
    const title = asText((await readObject(call.params.request))["title"], "title");
    const done = event("title-change", { from: one.title, to: title }, deed);
    return { changed: { ...one, title, events: [...one.events, done] }, answer: { newTitle: done } };
  });
}

async function merge(call: HubCall): Promise<void> {
  const repository = call.writableRepository();
  const { user } = call.params.hub.access;
  const { mergeCommit } = await repository.exclusively(() =>
    mergePullRequest(repository, found(repository, call), user),
  );
  call.sendJson({ success: true, commitOid: mergeCommit });
}

/** Changes a discussion by what the request says, and answers. */
async function change(
  call: HubCall,
  apply: (
    one: Discussion,
    deed: Pick<DiscussionEvent, "createdAt"> & { author: string },
  ) => Promise<{ changed: Discussion; answer: unknown }>,
): Promise<void> {
  const repository = call.writableRepository();
  const deed = { author: call.params.hub.access.user, createdAt: new Date().toISOString() };
  const answer = await repository.exclusively(async () => {
    const done = await apply(found(repository, call), deed);
    keepDiscussion(repository, done.changed);
    return done.answer;
  });
  call.sendJson(answer);
}

function found(repository: HubRepository, call: HubCall): Discussion {
  const num = Number(call.parameter("num"));
  const one = repository.settings.discussions.find((discussion) => discussion.num === num);
  if (!one) throw new HubRefusal(`There is no discussion number ${num}.`, { status: 404 });
  return one;
}

function told({ id }: HubRepository, one: Discussion): Record<string, unknown> {
  const { num, title, author, createdAt, status, isPullRequest } = one;
  return { num, title, author: { name: author }, createdAt, status, isPullRequest, repo: id };
}
