import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomically } from "../../runtime/atomic-file";
import { lfsPointer, type Commit, type FileEntry, type NewCommit } from "./commit";
import type { Discussion } from "./discussion";
import { GitRepository } from "./git-repository";
import type { RepositoryId } from "./names";
import { revisionNotFound } from "./refusal";

/** What a repository is beside its git: one small file, replaced whole. */
export interface RepositorySettings {
  private: boolean;
  /** Whether reading needs an account, as for a model whose conditions must be accepted. */
  gated: boolean;
  /** ISO 8601. */
  createdAt: string;
  /** What runs it, of a Space. */
  sdk?: string;
  /** Discussions and pull requests, the first one first. */
  discussions: Discussion[];
}

/** Where a file's bytes lie, or the bytes themselves. */
export type Content = { file: string } | { bytes: Buffer };

/** The branches, the tags and the heads of the pull requests: commit ids by name. */
export interface Refs {
  branches: Map<string, string>;
  tags: Map<string, string>;
  pullRequests: Map<string, string>;
}

const SETTINGS = "hub.json";
const COMMIT_ID = /^[0-9a-f]{40}$/;

/** One repository on disk: a bare git repository with its large files in `lfs/` (as git-lfs lays them) and `hub.json` beside. */
export class HubRepository {
  readonly id: RepositoryId;
  /** The bare git repository, for git itself. */
  readonly gitdir: string;
  readonly #git: GitRepository;
  #last: Promise<unknown> = Promise.resolve();

  readonly #incoming: string;

  /**
   * @param gitdir - where this repository alone lies
   * @param incoming - where files lie until they are whole, on the same file system
   */
  constructor(gitdir: string, id: RepositoryId, incoming: string) {
    this.gitdir = gitdir;
    this.id = id;
    this.#incoming = incoming;
    this.#git = new GitRepository(gitdir, incoming);
  }

  /** Whether it was ever created. */
  get exists(): boolean {
    return existsSync(path.join(this.gitdir, SETTINGS));
  }

  /** What it is beside its git. */
  get settings(): RepositorySettings {
    return JSON.parse(readFileSync(path.join(this.gitdir, SETTINGS), "utf8")) as RepositorySettings;
  }

  /** Changes some settings, of which the last change stays. */
  changeSettings(changed: Partial<RepositorySettings>): void {
    writeSettings(this.gitdir, { ...this.settings, ...changed });
  }

  /** Creates it with one commit on `main`: elsewhere, and moved to its place once it is whole. */
  async create(commit: NewCommit, settings: Partial<RepositorySettings>): Promise<void> {
    const part = path.join(this.#incoming, randomUUID());
    const made = new GitRepository(part, this.#incoming);
    try {
      await made.init();
      await made.setRef("refs/heads/main", await made.write(commit));
      const none = { private: false, gated: false, createdAt: commit.date, discussions: [] };
      writeSettings(part, { ...none, ...settings });
      await mkdir(path.dirname(this.gitdir), { recursive: true });
      await rename(part, this.gitdir);
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  }

  /** Does what reads and then writes without anybody else between. */
  async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** All names for commits. */
  async refs(): Promise<Refs> {
    const [branches, tags, pullRequests] = [
      await this.#git.refs("heads"),
      await this.#git.refs("tags"),
      await this.#git.refs("pr"),
    ];
    return { branches, tags, pullRequests };
  }

  /**
   * The commit that a branch, a tag, a pull request (`refs/pr/1`), a commit id or `HEAD` names.
   *
   * @throws HubRefusal (404, RevisionNotFound) if there is none
   */
  async commitAt(revision: string): Promise<Commit> {
    const id = await this.#idOf(revision);
    const commit = COMMIT_ID.test(id) ? await this.#git.commit(id) : undefined;
    if (!commit) throw revisionNotFound(revision);
    return commit;
  }

  async #idOf(revision: string): Promise<string> {
    // no name looks like a commit (`checkRefName`), and downloads ask for one file after the other by it
    if (COMMIT_ID.test(revision)) return revision;
    const { branches, tags, pullRequests } = await this.refs();
    return (
      branches.get(revision === "HEAD" ? "main" : revision.replace(/^refs\/heads\//, "")) ??
      tags.get(revision.replace(/^refs\/tags\//, "")) ??
      pullRequests.get(revision.replace(/^refs\/pr\//, "")) ??
      revision
    );
  }

  /** A commit and those before it, newest first. */
  async *history(commit: Commit): AsyncGenerator<Commit> {
    for (let next: Commit | undefined = commit; next;) {
      yield next;
      next = next.parent === null ? undefined : await this.#git.commit(next.parent);
    }
  }

  /** Writes a commit and lets a ref, such as `refs/heads/main`, stand for it. Returns its id. */
  async commit(ref: string, commit: NewCommit): Promise<string> {
    const id = await this.#git.write(commit);
    await this.#git.setRef(ref, id);
    return id;
  }

  /** Lets a name such as `refs/tags/v1` stand for a commit, or takes it away (null). */
  async setRef(ref: string, commit: string | null): Promise<void> {
    await this.#git.setRef(ref, commit);
  }

  /** A regular file as text, or undefined if the commit has none of that path. */
  async textOf(commit: Commit, name: string): Promise<string | undefined> {
    const entry = commit.files.get(name);
    return entry && !entry.lfs ? (await this.#git.bytes(entry.oid)).toString("utf8") : undefined;
  }

  /** Where the bytes of a file lie; `raw`: the pointer in place of a large file. */
  async contentOf(entry: FileEntry, raw = false): Promise<Content> {
    if (!entry.lfs) return { bytes: await this.#git.bytes(entry.oid) };
    return raw ? { bytes: Buffer.from(lfsPointer(entry.lfs)) } : { file: this.objectFile(entry.lfs.oid) };
  }

  /** Where a large file lies, or will lie. */
  objectFile(sha256: string): string {
    return path.join(this.gitdir, "lfs", "objects", sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  /** How many bytes a large file has, or undefined if it was never uploaded. */
  objectSize(sha256: string): number | undefined {
    return statSync(this.objectFile(sha256), { throwIfNoEntry: false })?.size;
  }
}

function writeSettings(gitdir: string, settings: RepositorySettings): void {
  writeFileAtomically(path.join(gitdir, SETTINGS), `${JSON.stringify(settings, null, 2)}\n`);
}
