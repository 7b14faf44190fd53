import type { Commit } from "./commit";
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

async function listTree(call: HubCall): Promise<void> {
  const { repository, commit } = await opened(call);
  const { query } = call.params;
  const folder = call.parameter("path");
  const all = treeEntries(commit);
  if (folder && all.get(folder)?.type !== "directory") throw entryNotFound(`"${folder}" is no folder here`);
  const prefix = folder ? `${folder}/` : "";
  const entries = [...all.values()].filter(({ path }) => {
    const rest = path.slice(prefix.length);
    return path.startsWith(prefix) && (isTrue(query.get("recursive")) || !rest.includes("/"));
  });
  call.sendJson(isTrue(query.get("expand")) ? await withLastCommits(repository, commit, entries) : entries);
}

async function pathsInfo(call: HubCall): Promise<void> {
  const { repository, commit } = await opened(call);
  const body = await readObject(call.params.request);
  const paths = asList(body["paths"], "paths").map((path) => asText(path, "paths").replace(/\/$/, ""));
  const all = treeEntries(commit);
  // what is not there is left out, as the Hub does
  const entries = [...new Set(paths)]
    .map((path) => all.get(path))
    .filter((entry): entry is TreeEntry => entry !== undefined);
  call.sendJson(isTrue(body["expand"]) ? await withLastCommits(repository, commit, entries) : entries);
}

async function listCommits(call: HubCall): Promise<void> {
  const { repository, commit } = await opened(call);
  const commits: Record<string, unknown>[] = [];
  for await (const { id, title, message, author, date } of repository.history(commit))
    commits.push({ id, title, message, authors: [{ user: author, avatar: "" }], date });
  call.sendJson(commits, { "X-Total-Count": String(commits.length) });
}

async function download(call: HubCall, { raw }: { raw: boolean }): Promise<void> {
  const { repository, commit } = await opened(call, call.readableRepository());
  const known = { "X-Repo-Commit": commit.id };
  const entry = commit.files.get(checkPath(call.parameter("path")));
  if (!entry) throw entryNotFound("Entry not found", known);
  const { lfs } = raw ? { ...entry, lfs: undefined } : entry;
  await sendFile(call, await repository.contentOf(entry, raw), {
    ...known,
    ETag: `"${lfs?.oid ?? entry.oid}"`,
    "Content-Type": lfs ? "application/octet-stream" : "text/plain; charset=utf-8",
    ...(lfs && { "X-Linked-Etag": `"${lfs.oid}"`, "X-Linked-Size": String(lfs.size) }),
  });
}

async function opened(
  call: HubCall,
  repository = call.repository(),
): Promise<{ repository: HubRepository; commit: Commit }> {
  return { repository, commit: await repository.commitAt(call.parameter("revision")) };
}

/** A switch as the clients write it: in JSON, in a form (a list) or in an address, in JavaScript or in Python. */
function isTrue(value: unknown): boolean {
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
  return ["true", "1"].includes(String(first).toLowerCase());
}
