import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically } from "../../runtime/atomic-file";
import { blobOid, commitOid, lfsPointer, type Commit, type FileEntry } from "./git-objects";
import type { RepositoryId } from "./names";
import { revisionNotFound } from "./refusal";

/** What changes about a repository: one file holds it all, so that a new state is there whole or not at all. */
interface State {
  private: boolean;
  /** ISO 8601. */
  createdAt: string;
  branches: Record<string, string>;
  tags: Record<string, string>;
}

/** A commit that is not kept yet, with the bytes of its regular files. */
export interface NewCommit {
  commit: Omit<Commit, "id">;
  contents: readonly Buffer[];
}

/** Where a file's bytes lie, or the bytes themselves. */
export type Content = { file: string } | { bytes: Buffer };

/**
 * One repository on disk: `blobs/` (by git's oid), `objects/` (large files, by sha256), `commits/`, and repository.json with the
 * branches and tags.
 *
 * What is named by its content is written first and never changed; repository.json is replaced last. So a kill at any moment
 * leaves the repository as it was, with at most some bytes in it that nothing names.
 */
export class HubRepository {
  readonly id: RepositoryId;
  readonly #folder: string;

  /** @param folder - where this repository alone lies */
  constructor(folder: string, id: RepositoryId) {
    this.#folder = folder;
    this.id = id;
  }

  /** Whether it was ever created. */
  get exists(): boolean {
    return existsSync(this.#stateFile);
  }

  /** Whether reading needs the token too. */
  get isPrivate(): boolean {
    return this.#state().private;
  }

  /** ISO 8601. */
  get createdAt(): string {
    return this.#state().createdAt;
  }

  /** Commit ids by branch. */
  get branches(): Map<string, string> {
    return new Map(Object.entries(this.#state().branches));
  }

  /** Commit ids by tag. */
  get tags(): Map<string, string> {
    return new Map(Object.entries(this.#state().tags));
  }

  /** Creates it with one commit on `main`. */
  create(params: { isPrivate: boolean } & NewCommit): void {
    this.#keepWhole(params, (id) => {
      const { isPrivate, commit } = params;
      this.#write({ private: isPrivate, createdAt: commit.date, branches: { main: id }, tags: {} });
    });
  }

  /**
   * The commit that a branch, a tag, a commit id or `HEAD` names.
   *
   * @throws HubRefusal (404, RevisionNotFound) if there is none
   */
  commitAt(revision: string): Commit {
    const id =
      this.branches.get(revision === "HEAD" ? "main" : revision.replace(/^refs\/heads\//, "")) ??
      this.tags.get(revision.replace(/^refs\/tags\//, "")) ??
      revision;
    // a name that is no commit id must not become a path
    if (!/^[0-9a-f]{40}$/.test(id) || !existsSync(this.#commitFile(id))) throw revisionNotFound(revision);
    return this.#readCommit(id);
  }

  /** A commit and those before it, newest first. */
  *history(commit: Commit): Generator<Commit> {
    for (let next: Commit | null = commit; next; next = next.parent ? this.#readCommit(next.parent) : null)
      yield next;
  }

  /** Puts a commit on a branch. Returns its id. */
  commit(params: { branch: string } & NewCommit): string {
    return this.#keepWhole(params, (id) => {
      this.setBranch(params.branch, id);
    });
  }

  /** Lets a branch point to a commit, or takes the branch away (null). */
  setBranch(name: string, commit: string | null): void {
    const state = this.#state();
    this.#write({ ...state, branches: withRef(state.branches, name, commit) });
  }

  /** Lets a tag point to a commit, or takes the tag away (null). */
  setTag(name: string, commit: string | null): void {
    const state = this.#state();
    this.#write({ ...state, tags: withRef(state.tags, name, commit) });
  }

  /** A regular file as text, or undefined if the commit has none of that path. */
  textOf(commit: Commit, name: string): string | undefined {
    const entry = commit.files.get(name);
    return entry && !entry.lfs ? readFileSync(this.#blobFile(entry.oid), "utf8") : undefined;
  }

  /** Where the bytes of a file lie; `raw`: the pointer in place of a large file. */
  contentOf(entry: FileEntry, raw = false): Content {
    if (!entry.lfs) return { file: this.#blobFile(entry.oid) };
    return raw ? { bytes: Buffer.from(lfsPointer(entry.lfs)) } : { file: this.objectFile(entry.lfs.oid) };
  }

  /** Where a large file lies, or will lie. */
  objectFile(sha256: string): string {
    return path.join(this.#folder, "objects", sha256);
  }

  /** How many bytes a large file has, or undefined if it was never uploaded. */
  objectSize(sha256: string): number | undefined {
    return statSync(this.objectFile(sha256), { throwIfNoEntry: false })?.size;
  }

  get #stateFile(): string {
    return path.join(this.#folder, "repository.json");
  }

  #blobFile(oid: string): string {
    return path.join(this.#folder, "blobs", oid);
  }

  #commitFile(id: string): string {
    return path.join(this.#folder, "commits", `${id}.json`);
  }

  #state(): State {
    return JSON.parse(readFileSync(this.#stateFile, "utf8")) as State;
  }

  #write(state: State): void {
    writeFileAtomically(this.#stateFile, `${JSON.stringify(state, null, 2)}\n`);
  }

  #readCommit(id: string): Commit {
    const json = JSON.parse(readFileSync(this.#commitFile(id), "utf8")) as Omit<Commit, "files"> & {
      files: [string, FileEntry][];
    };
    return { ...json, files: new Map(json.files) };
  }

  /** Writes what a commit names, the commit, and then what names the commit; if one fails, nothing of it stays. */
  #keepWhole({ commit, contents }: NewCommit, name: (id: string) => void): string {
    const id = commitOid(commit);
    const json = { id, ...commit, files: [...commit.files] };
    const parts: [string, Buffer | string][] = [
      ...contents.map((content): [string, Buffer] => [this.#blobFile(blobOid(content)), content]),
      [this.#commitFile(id), `${JSON.stringify(json, null, 1)}\n`],
    ];
    const written: string[] = [];
    try {
      for (const [file, content] of parts) {
        if (existsSync(file)) continue;
        writeFileAtomically(file, content);
        written.push(file);
      }
      name(id);
    } catch (error) {
      for (const file of written) rmSync(file, { force: true });
      throw error;
    }
    return id;
  }
}

function withRef(refs: Record<string, string>, name: string, commit: string | null): Record<string, string> {
  const changed = new Map(Object.entries(refs));
  if (commit === null) changed.delete(name);
  else changed.set(name, commit);
  return Object.fromEntries(changed);
}
