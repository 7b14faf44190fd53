import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRepo, HubApiError } from "@huggingface/hub";
import { ArgumentError } from "../runtime/errors";
import { folderFiles } from "./folder-files";
import { HubError } from "./hub-error";
import { hubSettings, type HubOptions } from "./hub-options";
import { withHub } from "./hub-session";
import { pushCommit } from "./push-commit";
import { repoCommitIfAny } from "./repo-commit";
import type { RepoId } from "./repo-id";
import { pullSnapshot } from "./snapshot";

/**
 * Pushes all files of a folder into a data set repository, as one commit to its `main`; made if it is missing, and then private.
 * Returns the commit, all 40 digits.
 *
 * @throws ArgumentError if the folder is empty
 * @throws HubError if there is no token, it may not write, or the Hub cannot be reached
 */
export async function pushDatasetFiles(
  params: HubOptions & { folder: string; repo: string; commitMessage: string },
): Promise<string> {
  const { folder, repo: name, commitMessage, ...options } = params;
  const files = folderFiles(folder, "all");
  if (files.length === 0) throw new ArgumentError(`There is nothing to push to the dataset ${name}.`);
  const settings = hubSettings(options);
  const { accessToken } = settings;
  if (accessToken === undefined)
    throw new HubError(
      "no-token",
      "HF_TOKEN is not set; pushing needs a token with write access: set it, or run `hf auth login`.",
    );
  const repo: RepoId = { type: "dataset", name };
  return withHub({ doing: "pushing", repo }, settings, async (session) => {
    if ((await repoCommitIfAny(session, repo)) === undefined)
      await createRepo({ ...session, accessToken, repo, visibility: "private" }).catch((error: unknown) => {
        // somebody else has made it meanwhile
        if (!(error instanceof HubApiError) || error.statusCode !== 409) throw error;
      });
    const to = { title: commitMessage, description: "", branch: "main", isPullRequest: false };
    const { commit } = await pushCommit({ session, repo, folder, files, ...to });
    return commit;
  });
}

/**
 * Pulls what lies below a folder of a data set repository into a folder of this machine, where it takes the place of files of the
 * same names. Returns their paths in that folder, sorted: none if the repository has none there.
 *
 * @throws HubError if there is no such repository, or the Hub cannot be reached
 */
export async function pullDatasetFiles(
  params: HubOptions & { repo: string; from: string; to: string },
): Promise<string[]> {
  const { repo: name, from, to, ...options } = params;
  const prefix = `${from}/`;
  // they are wanted in one place, once: not in the cache that Python shares
  const cacheDir = mkdtempSync(path.join(os.tmpdir(), "dataset-files-"));
  try {
    const { folder, files } = await pullSnapshot(
      {
        repo: { type: "dataset", name },
        revision: "main",
        choose: (paths) => paths.filter((file) => file.startsWith(prefix)),
      },
      { ...options, cacheDir },
    );
    for (const file of files) {
      const target = path.join(to, file.slice(prefix.length));
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(path.join(folder, file), target, { dereference: true });
    }
    return files.map((file) => file.slice(prefix.length)).sort();
  } finally {
    rmSync(cacheDir, { recursive: true, force: true });
  }
}
