import { createHash } from "node:crypto";

/** A file of a commit. `oid` and `size` are git's blob and the content's bytes; a large file's blob is its pointer. */
export interface FileEntry {
  oid: string;
  size: number;
  /** `oid`: the content's sha256. */
  lfs?: { oid: string; size: number; pointerSize: number };
}

/** The files of a commit by path. */
export type Files = ReadonlyMap<string, FileEntry>;

/** What one commit says. */
export interface Commit {
  /** git's commit id, 40 hexadecimal digits. */
  id: string;
  parent: string | null;
  title: string;
  message: string;
  author: string;
  /** ISO 8601, whole seconds, as git keeps it. */
  date: string;
  files: Files;
  /** git's tree ids by folder; the root is "". */
  folders: ReadonlyMap<string, string>;
}

/** A commit that is not kept yet, with the bytes of its regular files. */
export interface NewCommit extends Omit<Commit, "id" | "folders"> {
  contents: readonly Buffer[];
}

/** git calls a file with more bytes than a pointer ever has no pointer. */
const LARGEST_POINTER = 200;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n$/;

/** The text that git holds in a large file's place (Git LFS specification, "The Pointer"). */
export function lfsPointer(lfs: { oid: string; size: number }): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${lfs.oid}\nsize ${lfs.size}\n`;
}

/** The entry of a file whose bytes git holds: a large file's if they are a pointer. */
export function entryOf(content: Uint8Array): FileEntry {
  const oid = blobOid(content);
  const text = content.length <= LARGEST_POINTER ? Buffer.from(content).toString("latin1") : "";
  const [, sha256, size] = POINTER.exec(text) ?? [];
  if (sha256 === undefined) return { oid, size: content.length };
  const lfs = { oid: sha256, size: Number(size), pointerSize: content.length };
  return { oid, size: lfs.size, lfs };
}

/** What git calls a file's content: sha1 of "blob <bytes>", a NUL and the content. */
function blobOid(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
