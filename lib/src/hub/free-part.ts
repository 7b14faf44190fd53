import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Both clients give up a connection that is silent for five minutes. */
const SILENT_MS = 10 * 60 * 1000;
/** Which machine a process number is of, since several may share a cache. */
const HOST = createHash("sha256").update(os.hostname()).digest("hex").slice(0, 8);
const OWNED = /\.([0-9a-f]{8})-(\d+)-\d+\.incomplete$/;

let made = 0;

/** A name beside a blob that no other download has, here or in another process. */
export function ownPart(target: string): string {
  return `${target}.${HOST}-${process.pid}-${(made += 1)}.incomplete`;
}

/** How many bytes of a blob there are for a download to go on from. */
export function freeBytes(target: string): number {
  return freeParts(target)[0]?.size ?? 0;
}

/**
 * Gives the largest part of a blob that nobody writes to another name, and removes other such parts. A rename succeeds for one of
 * several that try.
 */
export function takeFreePart(target: string, own: string): void {
  let isTaken = false;
  for (const { file } of freeParts(target))
    try {
      accessSync(file, constants.R_OK | constants.W_OK);
      if (isTaken) rmSync(file, { force: true });
      else renameSync(file, own);
      isTaken = true;
    } catch {
      // another took it, or it is another user's
    }
}

/**
 * Whether nobody writes to a part any more: its process is gone, or nothing came for ten minutes. huggingface_hub's name for a part,
 * `<etag>.incomplete`, tells no process, and one that it writes to must not be taken from it.
 */
export function isFree(part: string): boolean {
  const found = statSync(part, { throwIfNoEntry: false });
  if (!found) return false;
  const [, host, pid] = OWNED.exec(part) ?? [];
  return Date.now() - found.mtimeMs > SILENT_MS || (host === HOST && !isRunning(Number(pid)));
}

/** The largest first. */
function freeParts(target: string): { file: string; size: number }[] {
  const folder = path.dirname(target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${path.basename(target)}.`) && name.endsWith(".incomplete"))
    .map((name) => path.join(folder, name))
    .filter(isFree)
    .map((file) => ({ file, size: statSync(file, { throwIfNoEntry: false })?.size ?? 0 }))
    .sort((one, other) => other.size - one.size);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // of another user's process this one knows that it is there
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
