import type { Commit } from "./commit";
import { hexId } from "./names";
import type { HubRepository } from "./repository";
import { cardMetadata } from "./repository-card";

/**
 * What the Hub tells about a repository at a revision.
 *
 * @param params - `expand`: the fields asked for, all that there are if none is named; `blobs`: sizes and ids with the files
 */
export async function repositoryInfo(params: {
  repository: HubRepository;
  commit: Commit;
  expand: readonly string[];
  blobs: boolean;
}): Promise<Record<string, unknown>> {
  const { repository, commit, expand, blobs } = params;
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
    siblings: siblings(commit, blobs),
  };
  const fields = expand.length ? expand.filter((field) => Object.hasOwn(all, field)) : Object.keys(all);
  const asked = Object.fromEntries(fields.map((field) => [field, all[field]]));
  return { _id: hexId(`${type}/${name}`), id: name, ...(type === "model" && { modelId: name }), ...asked };
}

function siblings(commit: Commit, blobs: boolean): Record<string, unknown>[] {
  return [...commit.files].map(([rfilename, { oid, size, lfs }]) => {
    if (!blobs) return { rfilename };
    return { rfilename, size, blobId: oid, ...(lfs && { lfs: { sha256: lfs.oid, ...lfs } }) };
  });
}

/** The tags that the Hub derives from a card's metadata. */
function tagsOf(card: Record<string, unknown> | undefined): string[] {
  const texts = (value: unknown): string[] => [value].flat().filter((text) => typeof text === "string");
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
