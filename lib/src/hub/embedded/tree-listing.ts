import type { Commit, FileEntry } from "./commit";
import type { HubRepository } from "./repository";

/** A file or folder as the Hub lists it. */
export interface TreeEntry {
  type: "file" | "directory";
  path: string;
  oid: string;
  /** Bytes; 0 for a folder. */
  size: number;
  lfs?: FileEntry["lfs"];
  /** Only when asked for (`expand`). */
  lastCommit?: { id: string; title: string; date: string };
}

/** Every file and folder of a commit, by path. */
export function treeEntries(commit: Commit): Map<string, TreeEntry> {
  const folders = [...commit.folders]
    .filter(([path]) => path)
    .map(([path, oid]): TreeEntry => ({ type: "directory", path, oid, size: 0 }));
  const files = [...commit.files].map(([path, entry]): TreeEntry => ({ type: "file", path, ...entry }));
  const entries = [...folders, ...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** The same entries, each with the last commit that changed it. */
export async function withLastCommits(
  repository: HubRepository,
  commit: Commit,
  entries: readonly TreeEntry[],
): Promise<TreeEntry[]> {
  const found = new Map<string, TreeEntry>();
  let left = entries;
  const history = repository.history(commit);
  for (let next = await history.next(); !next.done && left.length;) {
    const { id, title, date } = next.value;
    next = await history.next();
    const before = next.done ? new Map<string, TreeEntry>() : treeEntries(next.value);
    const isSame = (entry: TreeEntry) => before.get(entry.path)?.oid === entry.oid;
    for (const entry of left)
      if (!isSame(entry)) found.set(entry.path, { ...entry, lastCommit: { id, title, date } });
    left = left.filter(isSame);
  }
  return entries.map((entry) => found.get(entry.path) ?? entry);
}
