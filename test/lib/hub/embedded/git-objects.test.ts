import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import {
  blobOid,
  commitOid,
  lfsEntry,
  lfsPointer,
  treeOids,
  type FileEntry,
} from "../../../../lib/src/hub/embedded/git-objects";
import { temporaryFolder } from "../../temporary-folder";

const DATE = "2024-02-03T04:05:06.000Z";
const contents = new Map([
  ["README.md", "# A model\n"],
  ["a/b/c.txt", "deep"],
  ["a/b.txt", ""],
  ["a-b", "git sorts a folder as if its name ended in a slash"],
  ["a.txt", "after a-b, before a"],
  ["\u00e9t\u00e9/\u{1f600}.txt", "names are bytes of UTF-8\n"],
]);

describe("the ids of the embedded Hub", () => {
  const folder = temporaryFolder();
  const person = {
    GIT_AUTHOR_NAME: "reader",
    GIT_AUTHOR_EMAIL: "reader@localhost",
    GIT_AUTHOR_DATE: DATE,
    GIT_COMMITTER_NAME: "reader",
    GIT_COMMITTER_EMAIL: "reader@localhost",
    GIT_COMMITTER_DATE: DATE,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    TZ: "UTC",
  };
  const git = (...args: string[]) => {
    return execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...person },
    }).trim();
  };
  const files = new Map<string, FileEntry>();
  git("init", "--quiet");
  for (const [name, content] of contents) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
    files.set(name, { oid: blobOid(Buffer.from(content)), size: Buffer.byteLength(content) });
  }
  const lfs = { oid: "0".repeat(64), size: 12345 };
  writeFileSync(path.join(folder, "model.safetensors"), lfsPointer(lfs));
  files.set("model.safetensors", lfsEntry(lfs));
  git("add", ".");

  it("of files are git's", () => {
    for (const [name, { oid }] of files) assert.equal(oid, git("hash-object", name), name);
  });

  it("of folders are git's", () => {
    const oids = treeOids(files);
    assert.deepEqual([...oids.keys()].sort(), ["", "a", "a/b", "\u00e9t\u00e9"]);
    for (const [name, oid] of oids)
      assert.equal(oid, git("write-tree", `--prefix=${name && `${name}/`}`), name);
    assert.equal(treeOids(new Map()).get(""), git("hash-object", "-t", "tree", "/dev/null"));
  });

  it("of commits are git's, with a parent and without, with a message and without", () => {
    const commit = { title: "a title", message: "", author: "reader", date: DATE, files };
    const tree = git("write-tree");
    const first = git("commit-tree", tree, "-m", commit.title);
    assert.equal(commitOid({ ...commit, parent: null }), first);
    const second = git("commit-tree", tree, "-p", first, "-m", commit.title, "-m", "and why");
    assert.equal(commitOid({ ...commit, parent: first, message: "and why" }), second);
  });
});
