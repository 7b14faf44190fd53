import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { authorization, type HubSession } from "./hub-session";
import { HubError } from "./hub-error";
import type { RepoFile } from "./repo-files";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Downloads a file of a Hub and keeps it only if it is the one that the Hub listed: its size, and its sha256 (LFS) or its git
 * object id (any other). Until then it has another name, and is removed if anything goes wrong.
 *
 * @throws HubError if it came damaged
 */
export async function downloadVerified(params: {
  /** Address of the content. */
  url: string;
  session: HubSession;
  expected: RepoFile;
  /** The file to write. */
  target: string;
  /** Called with the bytes that came since the last call. */
  onBytes: (count: number) => void;
}): Promise<void> {
  const { url, session, expected, target, onBytes } = params;
  const hash = expected.isLfs ? createHash("sha256") : createHash("sha1").update(`blob ${expected.size}\0`);
  let size = 0;
  mkdirSync(path.dirname(target), { recursive: true });
  sweepParts(target);
  // huggingface_hub would go on with a file that ends in .incomplete
  const part = `${target}.${randomUUID()}.part`;
  try {
    const { body } = await session.fetch(url, { headers: authorization(session) });
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of (body as AsyncIterable<Uint8Array> | null) ?? []) {
        hash.update(chunk);
        size += chunk.length;
        onBytes(chunk.length);
        yield chunk;
      }
    };
    await pipeline(counted, createWriteStream(part, { flags: "wx" }));
    const found = hash.digest("hex");
    if (size !== expected.size || found !== expected.etag)
      throw new HubError(
        "damaged",
        `${expected.path} came damaged: ${size} bytes with the hash ${found}; expected ${expected.size} with ${expected.etag}. It was not kept: pull again.`,
      );
    renameSync(part, target);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Removes what killed processes left of this download. One that still goes on has written within the last day. */
function sweepParts(target: string): void {
  const folder = path.dirname(target);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${path.basename(target)}.`) || !name.endsWith(".part")) continue;
    const part = path.join(folder, name);
    const found = statSync(part, { throwIfNoEntry: false });
    if (!found || Date.now() - found.mtimeMs < DAY_MS) continue;
    try {
      rmSync(part, { force: true });
    } catch {
      // in a cache that users share it may be another's, and is not in the way
    }
  }
}
