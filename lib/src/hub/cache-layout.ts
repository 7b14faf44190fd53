import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { getRepoFolderName } from "@huggingface/hub";
import { writeFileAtomically } from "../runtime/atomic-file";
import type { RepoId } from "./repo-id";

const COMMIT = /^[0-9a-f]{40}$/;

/** Whether a revision is a whole commit, which never changes its meaning. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/**
 * One repository in huggingface_hub's cache (its file_download.py): `blobs/<etag>` holds the content, `snapshots/<commit>/<path>`
 * links to it, `refs/<revision>` holds the commit that a branch or tag named last.
 */
export class CachedRepo {
  readonly #folder: string;

  constructor(cacheDir: string, repo: RepoId) {
    this.#folder = path.join(cacheDir, getRepoFolderName(repo));
  }

  /** The commit that a revision named when it was last asked for, if ever. */
  commitOf(revision: string): string | undefined {
    if (isCommit(revision)) return revision;
    const file = this.#ref(revision);
    return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  }

  /** Remembers what a branch or tag names. */
  remember(revision: string, commit: string): void {
    // a cache that another user filled may be read-only
    if (this.commitOf(revision) !== commit) writeFileAtomically(this.#ref(revision), commit);
  }

  /** The folder with a commit's files. */
  snapshot(commit: string): string {
    return path.join(this.#folder, "snapshots", commit);
  }

  /** The files of a commit that are there, by their path in the repository, sorted. */
  files(commit: string): string[] {
    const folder = this.snapshot(commit);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.filter((name) => sizeOf(path.join(folder, name)) !== undefined).sort();
  }

  /** Whether a commit's file is there, with this size in bytes. */
  hasFile(file: { commit: string; path: string; size: number }): boolean {
    return sizeOf(path.join(this.snapshot(file.commit), file.path)) === file.size;
  }

  /** Where content lies, by its etag. */
  blob(etag: string): string {
    return path.join(this.#folder, "blobs", etag);
  }

  /** Whether content is there, with this size in bytes. */
  hasBlob({ etag, size }: { etag: string; size: number }): boolean {
    return sizeOf(this.blob(etag)) === size;
  }

  /** Makes content a file of a commit: by a relative link, or by a copy where the file system has no links. */
  link(file: { commit: string; path: string; etag: string }): void {
    const pointer = path.join(this.snapshot(file.commit), file.path);
    const blob = this.blob(file.etag);
    mkdirSync(path.dirname(pointer), { recursive: true });
    const part = `${pointer}.${randomUUID()}.part`;
    try {
      try {
        symlinkSync(path.relative(path.dirname(pointer), blob), part);
      } catch (error) {
        if (!["EPERM", "ENOTSUP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? ""))
          throw error;
        copyFileSync(blob, part);
      }
      renameSync(part, pointer);
    } finally {
      rmSync(part, { force: true });
    }
  }

  #ref(revision: string): string {
    return path.join(this.#folder, "refs", revision);
  }
}

/** Bytes of a file, or of what a link leads to; `undefined` where there is none. */
function sizeOf(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : undefined;
}
