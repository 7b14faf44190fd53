import type { Commit } from "./commit";
import { hexId } from "./names";
import type { HubRepository } from "./repository";
import { cardMetadata } from "./repository-card";
import { spaceCard, spaceSubdomain } from "./space-card";
import { spaceHost } from "./space-hosting";

/**
 * What the Hub tells about a repository at a revision.
 *
 * @param params - `expand`: the fields asked for, all that there are if none is named; `blobs`: sizes and ids with the files;
 *   `endpoint`: where the client finds the Hub
 */
export async function repositoryInfo(params: {
  repository: HubRepository;
  commit: Commit;
  expand: readonly string[];
  blobs: boolean;
  endpoint: string;
}): Promise<Record<string, unknown>> {
  const { repository, commit, expand, blobs, endpoint } = params;
  const { name, type } = repository.id;
  const { createdAt, private: isPrivate, gated } = repository.settings;
  const card = cardMetadata((await repository.textOf(commit, "README.md")) ?? "");
  const all: Record<string, unknown> = {
    author: name.split("/")[0],
    sha: commit.id,
    lastModified: commit.date,
    ...{ createdAt, private: isPrivate, gated: gated && "auto" },
    disabled: false,
    // nobody counts here
    downloads: 0,
    likes: 0,
    tags: tagsOf(card),
    ...(card && { cardData: card }),
    ...(type === "model" && { pipeline_tag: card?.["pipeline_tag"], library_name: card?.["library_name"] }),
    ...(type === "space" && (await spaceInfo({ repository, commit, endpoint, card }))),
    siblings: siblings(commit, blobs),
  };
  const fields = expand.length ? expand.filter((field) => Object.hasOwn(all, field)) : Object.keys(all);
  const asked = Object.fromEntries(fields.map((field) => [field, all[field]]));
  return { _id: hexId(`${type}/${name}`), id: name, ...(type === "model" && { modelId: name }), ...asked };
}

/** What is said of a Space alone: what it uses, whether it runs, and where. */
async function spaceInfo(params: {
  repository: HubRepository;
  commit: Commit;
  endpoint: string;
  card: Record<string, unknown> | undefined;
}): Promise<Record<string, unknown>> {
  const { repository, commit, endpoint, card } = params;
  const { name } = repository.id;
  const { sdk } = await spaceCard(repository, commit);
  const isRunning = sdk === "static";
  return {
    ...{ sdk, subdomain: spaceSubdomain(name), models: texts(card?.["models"]) },
    ...(isRunning && { host: spaceHost(endpoint, name) }),
    runtime: { stage: isRunning ? "RUNNING" : "STOPPED", hardware: { current: null, requested: null } },
  };
}

function siblings(commit: Commit, blobs: boolean): Record<string, unknown>[] {
  return [...commit.files].map(([rfilename, { oid, size, lfs }]) => {
    if (!blobs) return { rfilename };
    return { rfilename, size, blobId: oid, ...(lfs && { lfs: { sha256: lfs.oid, ...lfs } }) };
  });
}

/** The texts among what a card says in one or as a list. */
function texts(value: unknown): string[] {
  return [value].flat().filter((text) => typeof text === "string");
}

/** The tags that the Hub derives from a card's metadata. */
function tagsOf(card: Record<string, unknown> | undefined): string[] {
  return [
    ...texts(card?.["library_name"]),
    ...texts(card?.["tags"]),
    ...texts(card?.["pipeline_tag"]),
    ...texts(card?.["language"]),
    ...texts(card?.["datasets"]).map((name) => `dataset:${name}`),
    ...texts(card?.["base_model"]).map((name) => `base_model:${name}`),
    ...texts(card?.["license"]).map((name) => `license:${name}`),
  ];
}
