import { authorization, type HubSession } from "./hub-session";
import { HubError } from "./hub-error";
import { IncompleteBlob } from "./incomplete-blob";
import { CutShortError, isNetworkFailure, passingStatus } from "./network-failure";
import type { RepoFile } from "./repo-files";
import { withRetries } from "./retries";

/** What to download, and whom to tell. */
interface Download {
  /** Address of the content. */
  url: string;
  session: HubSession;
  expected: RepoFile;
  /** The file to write. */
  target: string;
  /** Stops it, as an interrupt does. */
  signal: AbortSignal;
  /** Called with the number of bytes that are there, whenever that has changed. */
  onSize: (bytes: number) => void;
}

/**
 * Downloads a file of a Hub and keeps it only if it is the one that the Hub listed: its size, and its sha256 (LFS) or its git
 * object id (any other). What breaks off goes on from where it was: at once, and if that fails the next time. What comes damaged is
 * thrown away, and asked for once more.
 *
 * @throws HubError if it came damaged twice
 */
export async function downloadVerified(download: Download): Promise<void> {
  const { expected, target } = download;
  const part = await IncompleteBlob.open(target, expected);
  try {
    let found = "";
    for (let isAgain = false; ; isAgain = true) {
      await fetchRest(download, part);
      found = part.digest();
      if (part.size === expected.size && found === expected.etag) {
        await part.finish();
        return;
      }
      if (isAgain) break;
      await part.empty();
    }
    const { size } = part;
    await part.remove();
    throw new HubError(
      "damaged",
      `${expected.path} came damaged twice: ${size} bytes with the hash ${found}; expected ${expected.size} with ${expected.etag}. It was not kept: pull again.`,
    );
  } catch (error) {
    // half a file would keep a full disk full
    if (["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "")) await part.remove();
    else await part.leave();
    throw error;
  }
}

async function fetchRest(download: Download, part: IncompleteBlob): Promise<void> {
  const { session, signal } = download;
  await withRetries((gotOn) => fetchOnce(download, part, gotOn), {
    delays: session.retryDelays,
    signal: AbortSignal.any([session.abortSignal, signal]),
    mayRepeat: (error) => passingStatus(error) !== undefined || isNetworkFailure(error),
  });
}

async function fetchOnce(download: Download, part: IncompleteBlob, gotOn: () => void): Promise<void> {
  const { url, session, expected, signal, onSize } = download;
  if (part.size > 0 && part.size === expected.size) return;
  const range = part.size > 0 ? { Range: `bytes=${part.size}-` } : undefined;
  const { status, body } = await session.open(url, {
    headers: { ...authorization(session), ...range },
    signal,
  });
  // a server that knows no ranges begins anew
  if (status !== 206) await part.empty();
  for await (const chunk of (body as AsyncIterable<Uint8Array> | null) ?? []) {
    await part.append(chunk);
    onSize(part.size);
    gotOn();
    if (part.size > expected.size) return;
  }
  if (part.size < expected.size) throw new CutShortError();
}
