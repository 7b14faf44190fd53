import type { Commit } from "./git-objects";
import type { HubCall } from "./hub-call";
import { checkPath } from "./names";
import { entryNotFound } from "./refusal";
import type { HubRepository } from "./repository";
import { asList, asText, readObject } from "./request-body";
import { apiRoute, pageRoutes, type Route } from "./router";
import { sendFile } from "./send-file";
import { treeEntries, withLastCommits, type TreeEntry } from "./tree-listing";

/** Listing and downloading what a revision holds. */
export const READING_ROUTES: Route[] = [
  apiRoute("GET", "/tree/{revision}", listTree),
  apiRoute("GET", "/tree/{revision}/{path...}", listTree),
  apiRoute("POST", "/paths-info/{revision}", pathsInfo),
  apiRoute("GET", "/commits/{revision}", listCommits),
  ...pageRoutes("GET", "/resolve/{revision}/{path...}", (call) => download(call, { raw: false })),
  ...pageRoutes("GET", "/raw/{revision}/{path...}", (call) => download(call, { raw: true })),
];

function listTree(call: HubCall): void {
  const { repository, commit } = opened(call);
  const { query } = call.params;
  const folder = call.parameter("path");
  const all = treeEntries(commit);
  if (folder && all.get(folder)?.type !== "directory") throw entryNotFound(`"${folder}" is no folder here`);
  const prefix = folder ? `${folder}/` : "";
  const entries = [...all.values()].filter(({ path }) => {
    const rest = path.slice(prefix.length);
    return path.startsWith(prefix) && (isTrue(query.get("recursive")) || !rest.includes("/"));
  });
  call.sendJson(isTrue(query.get("expand")) ? withLastCommits(repository, commit, entries) : entries);
}

async function pathsInfo(call: HubCall): Promise<void> {
  const { repository, commit } = opened(call);
  const body = await readObject(call.params.request);
  const paths = asList(body["paths"], "paths").map((path) => asText(path, "paths").replace(/\/$/, ""));
  const all = treeEntries(commit);
  // what is not there is left out, as the Hub does
  const entries = [...new Set(paths)]
    .map((path) => all.get(path))
    .filter((entry): entry is TreeEntry => entry !== undefined);
  call.sendJson(isTrue(body["expand"]) ? withLastCommits(repository, commit, entries) : entries);
}

function listCommits(call: HubCall): void {
  const { repository, commit } = opened(call);
  const commits = [...repository.history(commit)].map(({ id, title, message, author, date }) => {
    return { id, title, message, authors: [{ user: author, avatar: "" }], date };
  });
  call.sendJson(commits, { "X-Total-Count": String(commits.length) });
}

async function download(call: HubCall, { raw }: { raw: boolean }): Promise<void> {
  const { repository, commit } = opened(call);
  const known = { "X-Repo-Commit": commit.id };
  const entry = commit.files.get(checkPath(call.parameter("path")));
  if (!entry) throw entryNotFound("Entry not found", known);
  const { lfs } = raw ? { ...entry, lfs: undefined } : entry;
  await sendFile(call, repository.contentOf(entry, raw), {
    ...known,
    ETag: `"${lfs?.oid ?? entry.oid}"`,
    "Content-Type": lfs ? "application/octet-stream" : "text/plain; charset=utf-8",
    ...(lfs && { "X-Linked-Etag": `"${lfs.oid}"`, "X-Linked-Size": String(lfs.size) }),
  });
}

function opened(call: HubCall): { repository: HubRepository; commit: Commit } {
  const repository = call.repository();
  return { repository, commit: repository.commitAt(call.parameter("revision")) };
}

/** A switch as the clients write it: in JSON, in a form (a list) or in an address, in JavaScript or in Python. */
function isTrue(value: unknown): boolean {
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
  return ["true", "1"].includes(String(first).toLowerCase());
}
