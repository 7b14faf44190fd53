import { randomUUID } from "node:crypto";
import { promises } from "node:fs";
import path from "node:path";
import git, { type PromiseFsClient, type ReadCommitResult, type TreeEntry } from "isomorphic-git";
import { entryOf, type Commit, type FileEntry, type NewCommit } from "./commit";

/** Kinds of names for commits, as git's folders are called. */
export type RefKind = "heads" | "tags" | "pr";

/** Commits that are kept read: a page, a listing and a download ask for the same one. */
const KEPT_COMMITS = 64;

/**
 * A bare git repository on disk, which git itself reads, clones and checks. It is written by isomorphic-git, so that no git need be
 * installed. What is named by its content comes first and never changes, then the one file that names the commit: a kill at any
 * moment leaves the repository as it was, with at most some objects in it that nothing names.
 */
export class GitRepository {
  readonly #at: { fs: PromiseFsClient; gitdir: string; cache: object };
  readonly #entries = new Map<string, FileEntry>();
  readonly #commits = new Map<string, Commit>();

  /**
   * @param gitdir - the bare repository's folder
   * @param incoming - where files lie until they are whole, on the same file system
   */
  constructor(gitdir: string, incoming: string) {
    this.#at = { fs: wholeFiles(incoming), gitdir, cache: {} };
  }

  /** Makes it, without a commit. */
  async init(): Promise<void> {
    await git.init({ ...this.#at, bare: true, defaultBranch: "main" });
  }

  /** Commit ids by name, such as those of the branches (`heads`). */
  async refs(kind: RefKind): Promise<Map<string, string>> {
    const folder = `refs/${kind}`;
    const names = await git.listRefs({ ...this.#at, filepath: folder });
    const refs = new Map<string, string>();
    for (const name of names.sort())
      refs.set(name, await git.resolveRef({ ...this.#at, ref: `${folder}/${name}` }));
    return refs;
  }

  /** Lets a name such as `refs/heads/main` stand for a commit, or takes it away (null). */
  async setRef(ref: string, commit: string | null): Promise<void> {
    if (commit === null) await git.deleteRef({ ...this.#at, ref });
    else await git.writeRef({ ...this.#at, ref, value: commit, force: true });
  }

  /** A commit by its id, or undefined if there is none. */
  async commit(id: string): Promise<Commit | undefined> {
    const known = this.#commits.get(id);
    if (known) return known;
    const read = await git.readCommit({ ...this.#at, oid: id }).catch((error: unknown) => {
      if (error instanceof git.Errors.NotFoundError || error instanceof git.Errors.ObjectTypeError)
        return undefined;
      throw error;
    });
    if (!read) return undefined;
    const folders = new Map<string, string>();
    const files = new Map<string, FileEntry>();
    await this.#readFolder({ oid: read.commit.tree, folder: "", files, folders });
    const commit = { ...told(read), files, folders };
    const [oldest] = this.#commits.keys();
    if (oldest !== undefined && this.#commits.size >= KEPT_COMMITS) this.#commits.delete(oldest);
    this.#commits.set(id, commit);
    return commit;
  }

  /** The bytes that git holds of a file: of a large one, its pointer. */
  async bytes(oid: string): Promise<Buffer> {
    const { blob } = await git.readBlob({ ...this.#at, oid });
    return Buffer.from(blob);
  }

  /** Writes a commit, which nothing names yet. Returns its id. */
  async write({ contents, files, ...commit }: NewCommit): Promise<string> {
    for (const content of contents) await git.writeBlob({ ...this.#at, blob: content });
    const person = {
      ...{ name: commit.author, email: `${commit.author}@localhost` },
      ...{ timestamp: Math.floor(Date.parse(commit.date) / 1_000), timezoneOffset: 0 },
    };
    return git.writeCommit({
      ...this.#at,
      commit: {
        tree: await this.#writeFolder([...files].map(([name, { oid }]) => [name.split("/"), oid])),
        parent: commit.parent === null ? [] : [commit.parent],
        message: `${commit.title}\n${commit.message ? `\n${commit.message}\n` : ""}`,
        ...{ author: person, committer: person },
      },
    });
  }

  async #readFolder(at: {
    oid: string;
    folder: string;
    files: Map<string, FileEntry>;
    folders: Map<string, string>;
  }): Promise<void> {
    const { oid, folder, files, folders } = at;
    folders.set(folder, oid);
    const { tree } = await git.readTree({ ...this.#at, oid });
    for (const { path: name, oid: child, type } of tree) {
      const below = folder === "" ? name : `${folder}/${name}`;
      if (type === "tree") await this.#readFolder({ ...at, oid: child, folder: below });
      else if (type === "blob") files.set(below, await this.#entry(child));
    }
  }

  async #entry(oid: string): Promise<FileEntry> {
    const entry = this.#entries.get(oid) ?? entryOf(await this.bytes(oid));
    this.#entries.set(oid, entry);
    return entry;
  }

  /** Writes the tree of paths, each in its parts, below one folder, and those of the folders in it first. */
  async #writeFolder(paths: readonly (readonly [parts: readonly string[], oid: string])[]): Promise<string> {
    const tree: TreeEntry[] = [];
    const folders = new Map<string, [string[], string][]>();
    for (const [[first = "", ...rest], oid] of paths)
      if (rest.length === 0) tree.push({ mode: "100644", path: first, oid, type: "blob" });
      else folders.set(first, [...(folders.get(first) ?? []), [rest, oid]]);
    for (const [name, below] of folders)
      tree.push({ mode: "040000", path: name, oid: await this.#writeFolder(below), type: "tree" });
    return git.writeTree({ ...this.#at, tree });
  }
}

function told({ oid, commit }: ReadCommitResult): Omit<Commit, "files" | "folders"> {
  const [title = "", , ...message] = commit.message.replace(/\n$/u, "").split("\n");
  return {
    ...{ id: oid, parent: commit.parent[0] ?? null, title, message: message.join("\n") },
    ...{ author: commit.author.name, date: new Date(commit.author.timestamp * 1_000).toISOString() },
  };
}

/**
 * Node's files, but written whole or not at all: isomorphic-git writes in place, and half an object would stay half for ever under
 * the name of the whole one. What is not whole lies elsewhere: beside a branch it would be one.
 */
function wholeFiles(incoming: string): PromiseFsClient {
  const writeFile: typeof promises.writeFile = async (file, content, options) => {
    const part = path.join(incoming, randomUUID());
    try {
      await promises.writeFile(part, content, options);
      await promises.rename(part, file as string);
    } finally {
      await promises.rm(part, { force: true });
    }
  };
  return { promises: { ...promises, writeFile } };
}
