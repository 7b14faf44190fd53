import { createReadStream } from "node:fs";
import path from "node:path";
import { etagHash } from "./etag-hash";
import type { PushedFile } from "./pushed-repo";
import type { RepoFile } from "./repo-files";

/**
 * Those of a folder's files that a repository does not have, or has with other content. Only a file of the same size is read.
 *
 * @param params - `held`: what the repository has; `signal` ends reading
 */
export async function changedFiles<File extends PushedFile>(params: {
  folder: string;
  files: readonly File[];
  held: readonly RepoFile[];
  signal: AbortSignal;
}): Promise<File[]> {
  const { folder, files, held, signal } = params;
  const byPath = new Map(held.map((file) => [file.path, file]));
  const changed: File[] = [];
  for (const file of files) {
    const same = byPath.get(file.path);
    const isSame =
      same?.size === file.size && (await etagOf(path.join(folder, file.path), same, signal)) === same.etag;
    if (!isSame) changed.push(file);
  }
  return changed;
}

async function etagOf(file: string, like: RepoFile, signal: AbortSignal): Promise<string> {
  const hash = etagHash(like);
  for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}
