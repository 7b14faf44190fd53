import { InvalidApiResponseFormatError } from "@huggingface/hub";
import { authorization, withHub } from "./hub-session";
import { HubError } from "./hub-error";
import { hubSettings, type HubOptions } from "./hub-options";
import type { RepoId } from "./repo-id";

/**
 * The names of a model repository's tags, sorted (huggingface_hub's `list_repo_refs`). A repository that is not there has none.
 *
 * @throws HubError if the Hub cannot be reached, or does not know the token
 */
export async function listRepoTags(params: HubOptions & { repo: string }): Promise<string[]> {
  const { repo: name, ...options } = params;
  const repo: RepoId = { type: "model", name };
  try {
    return await withHub({ doing: "listing the tags of", repo }, hubSettings(options), async (session) => {
      // the library has no function for it
      const address = `${session.hubUrl}/api/models/${name}/refs`;
      const answer = await session.fetch(address, { headers: authorization(session) });
      return tagNames(await answer.json()).sort();
    });
  } catch (error) {
    if (error instanceof HubError && error.failure === "no-repo") return [];
    throw error;
  }
}

function tagNames(answer: unknown): string[] {
  const { tags } = Object(answer) as { tags?: unknown };
  const names = Array.isArray(tags)
    ? tags.map((tag) => (Object(tag) as { name?: unknown }).name)
    : [undefined];
  return names.map((name) => {
    if (typeof name !== "string") throw new InvalidApiResponseFormatError("Expected a repository's tags");
    return name;
  });
}
