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
}

/** What git calls a file's content: sha1 of "blob <bytes>", a NUL and the content. */
export function blobOid(content: Uint8Array): string {
  return objectOid("blob", content);
}

/** The text that git holds in a large file's place (Git LFS specification, "The Pointer"). */
export function lfsPointer(lfs: { oid: string; size: number }): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${lfs.oid}\nsize ${lfs.size}\n`;
}

/** A regular file's entry. */
export function regularEntry(content: Uint8Array): FileEntry {
  return { oid: blobOid(content), size: content.length };
}

/** A large file's entry. */
export function lfsEntry(lfs: { oid: string; size: number }): FileEntry {
  const pointer = Buffer.from(lfsPointer(lfs));
  return { oid: blobOid(pointer), size: lfs.size, lfs: { ...lfs, pointerSize: pointer.length } };
}

/** git's tree ids by folder; the root is "". */
export function treeOids(files: Files): Map<string, string> {
  const root = new Folder();
  for (const [path, { oid }] of files) root.add(path.split("/"), oid);
  const oids = new Map<string, string>();
  root.collect("", oids);
  return oids;
}

/** git's id of a commit with these files. */
export function commitOid(commit: Omit<Commit, "id">): string {
  const seconds = Math.floor(Date.parse(commit.date) / 1000);
  const person = `${commit.author} <${commit.author}@localhost> ${seconds} +0000`;
  const lines = [
    `tree ${treeOids(commit.files).get("") ?? ""}`,
    ...(commit.parent ? [`parent ${commit.parent}`] : []),
    `author ${person}`,
    `committer ${person}`,
    "",
    commit.title,
    ...(commit.message ? ["", commit.message] : []),
    "",
  ];
  return objectOid("commit", Buffer.from(lines.join("\n")));
}

function objectOid(type: string, content: Uint8Array): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}

/** A folder on the way to its tree id. */
class Folder {
  readonly #children = new Map<string, Folder | string>();

  add(parts: readonly string[], oid: string): void {
    const [first = "", ...rest] = parts;
    if (!rest.length) {
      this.#children.set(first, oid);
      return;
    }
    const there = this.#children.get(first);
    const folder = there instanceof Folder ? there : new Folder();
    this.#children.set(first, folder);
    folder.add(rest, oid);
  }

  /** Writes down this folder's id, and those of the folders in it. */
  collect(path: string, oids: Map<string, string>): string {
    const lines = [...this.#children].map(([name, child]) => {
      const isFolder = child instanceof Folder;
      const oid = isFolder ? child.collect(path ? `${path}/${name}` : name, oids) : child;
      const line = Buffer.concat([
        Buffer.from(`${isFolder ? "40000" : "100644"} ${name}\0`),
        Buffer.from(oid, "hex"),
      ]);
      // git sorts a folder as if its name ended in a slash
      return { key: Buffer.from(isFolder ? `${name}/` : name), line };
    });
    lines.sort((one, other) => Buffer.compare(one.key, other.key));
    const oid = objectOid("tree", Buffer.concat(lines.map(({ line }) => line)));
    oids.set(path, oid);
    return oid;
  }
}
