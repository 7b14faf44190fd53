import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { HubError, shownHub } from "./hub-error";
import { hubSettings, type HubOptions, type HubSettings } from "./hub-options";
import { authorization, withHub } from "./hub-session";
import type { RepoFile } from "./repo-files";
import { contentUrl, findSnapshot, type SnapshotRequest } from "./snapshot";

/** A file of a repository of which parts can be read (what hyparquet calls an AsyncBuffer). */
export interface OpenRepoFile {
  /** In the repository. */
  path: string;
  /** In bytes. */
  byteLength: number;
  /** Bytes from `start` up to `end`, which is not among them; up to the file's end without it. */
  slice: (start: number, end?: number) => Promise<ArrayBuffer>;
}

/**
 * Opens chosen files of a repository to read parts of them (huggingface_hub's `HfFileSystem.open`): from the cache where it has
 * them, and else by requests for those bytes alone. These are checked by their number, since the Hub's hash is of the whole file;
 * none of them is kept.
 *
 * @throws HubError as `pullSnapshot`, also when reading
 * @throws InterruptedError if the reader interrupted it, also when reading
 */
export async function openRepoFiles(request: SnapshotRequest, options: HubOptions): Promise<OpenRepoFile[]> {
  const settings = hubSettings(options);
  const found = await findSnapshot(request, settings);
  if (!("available" in found)) return found.files.map((name) => openLocal(name, found.folder));
  const { cache, commit, available } = found;
  const byPath = new Map(available.map((file) => [file.path, file]));
  return request
    .choose([...byPath.keys()])
    .flatMap((name) => byPath.get(name) ?? [])
    .map((file) =>
      cache.hasFile({ commit, ...file })
        ? openLocal(file.path, cache.snapshot(commit))
        : openRemote(file, { request, commit, settings }),
    );
}

function openLocal(name: string, folder: string): OpenRepoFile {
  const file = path.join(folder, name);
  const byteLength = statSync(file).size;
  const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
    const handle = await open(file);
    try {
      const bytes = new ArrayBuffer(end - start);
      await handle.read(new Uint8Array(bytes), 0, end - start, start);
      return bytes;
    } finally {
      await handle.close();
    }
  };
  return { path: name, byteLength, slice };
}

function openRemote(
  file: RepoFile,
  from: { request: SnapshotRequest; commit: string; settings: HubSettings },
): OpenRepoFile {
  const { request, commit, settings } = from;
  const { repo, revision } = request;
  const task = { doing: `reading ${file.path} of`, repo, revision };
  const slice = (start: number, end = file.size): Promise<ArrayBuffer> =>
    withHub(task, settings, async (session) => {
      const url = contentUrl({ session, repo, commit, path: file.path });
      const headers = { ...authorization(session), Range: `bytes=${start}-${end - 1}` };
      const answer = await session.fetch(url, { headers });
      const bytes = await answer.arrayBuffer();
      if (answer.status !== 206 || bytes.byteLength !== end - start)
        throw new HubError(
          "damaged",
          `${shownHub(settings)} sent ${bytes.byteLength} bytes of ${file.path}; expected the ${end - start} from ${start} on that were asked for: read the whole file.`,
        );
      return bytes;
    });
  return { path: file.path, byteLength: file.size, slice };
}
