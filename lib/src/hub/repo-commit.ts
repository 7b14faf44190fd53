import { datasetInfo, HubApiError, modelInfo, spaceInfo } from "@huggingface/hub";
import { isCommit } from "./cache-layout";
import { HubError, shownRepo } from "./hub-error";
import type { HubSession } from "./hub-session";
import type { RepoId } from "./repo-id";

const INFO = { model: modelInfo<"sha">, dataset: datasetInfo<"sha">, space: spaceInfo<"sha"> };

/**
 * The commit that a revision names; the library would take each file's own last one.
 *
 * @param revision - the default branch's head where none is given
 * @throws HubError if the Hub names none
 * @throws HubApiError if there is no such repository or revision
 */
export async function repoCommit(session: HubSession, repo: RepoId, revision?: string): Promise<string> {
  const at = revision === undefined ? {} : { revision };
  const params = { ...session, ...at, name: repo.name, additionalFields: ["sha"] as "sha"[] };
  const { sha } = await INFO[repo.type](params);
  if (!isCommit(sha))
    throw new HubError(
      "refused",
      `The Hub names no commit for the ${shownRepo(repo)} at ${revision ?? "its head"}.`,
    );
  return sha;
}

/** The commit that a revision names; `undefined` where there is no such repository or revision. */
export async function repoCommitIfAny(
  session: HubSession,
  repo: RepoId,
  revision?: string,
): Promise<string | undefined> {
  try {
    return await repoCommit(session, repo, revision);
  } catch (error) {
    // a Hub that is asked with a token says 404 of what is missing, 401 of a wrong token
    if (error instanceof HubApiError && error.statusCode === 404) return undefined;
    throw error;
  }
}
