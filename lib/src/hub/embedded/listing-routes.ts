import type { HubCall } from "./hub-call";
import type { RepositoryType } from "./names";
import type { HubRepository } from "./repository";
import { repositoryInfo } from "./repository-info";
import type { Route } from "./router";

const MOST_FOUND = 1_000;

/** Searching among the repositories. */
export const LISTING_ROUTES: Route[] = [
  { method: "GET", pattern: "/api/models", handler: (call) => search(call, "model") },
  { method: "GET", pattern: "/api/datasets", handler: (call) => search(call, "dataset") },
  { method: "GET", pattern: "/api/spaces", handler: (call) => search(call, "space") },
];

/** What a search may sort by; the names are the Hub's, downloads and likes are none here. */
type SortKey = "createdAt" | "lastModified";

async function search(call: HubCall, type: RepositoryType): Promise<void> {
  const { hub, query, request } = call.params;
  const isUser = hub.access.isUser(request);
  const words = (query.get("search") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const author = query.get("author");
  const seen = hub.store
    .list(type)
    .filter(({ settings }) => isUser || !settings.private)
    .filter(({ id }) => words.every((word) => id.name.toLowerCase().includes(word)))
    .filter(({ id }) => author === null || id.name.startsWith(`${author}/`));
  const infos = await Promise.all(seen.map((repository) => told(repository, call)));
  const wanted = [...query.getAll("filter"), ...query.getAll("pipeline_tag"), ...query.getAll("library")];
  const found = infos.filter(({ tags }) => wanted.every((tag) => (tags as string[]).includes(tag)));
  const key: SortKey = query.get("sort") === "createdAt" ? "createdAt" : "lastModified";
  const newest = query.get("direction") === "1" ? 1 : -1;
  found.sort((one, other) => newest * String(one[key]).localeCompare(String(other[key])));
  call.sendJson(found.slice(0, Number(query.get("limit") ?? MOST_FOUND)));
}

async function told(repository: HubRepository, call: HubCall): Promise<Record<string, unknown>> {
  const { query } = call.params;
  const commit = await repository.commitAt("HEAD");
  const { siblings, cardData, ...info } = await repositoryInfo({
    repository,
    commit,
    expand: [],
    blobs: false,
    endpoint: call.endpoint,
  });
  return {
    ...info,
    ...(query.get("full") && { siblings }),
    ...(query.get("cardData") && { cardData }),
  };
}
