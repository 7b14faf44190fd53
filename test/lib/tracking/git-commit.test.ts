import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { gitCommit } from "../../../lib/src/tracking/git-commit";
import { temporaryFolder } from "../temporary-folder";

const folder = temporaryFolder();

describe("gitCommit", () => {
  it("is that of the folder's own repository, and of no other that it lies in", () => {
    const git = (...words: string[]): string =>
      execFileSync("git", ["-C", folder, ...words], { encoding: "utf8" }).trim();
    assert.equal(gitCommit(folder), null);
    git("init", "--quiet");
    const author = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
    git(...author, "commit", "--quiet", "--allow-empty", "--message", "first");
    const commit = git("rev-parse", "--short", "HEAD");
    assert.equal(gitCommit(folder), commit);
    const unpacked = path.join(folder, "unpacked");
    mkdirSync(unpacked);
    writeFileSync(path.join(unpacked, "file"), "");
    assert.equal(gitCommit(unpacked), null);
    assert.equal(gitCommit(folder), `${commit}+changes`);
  });
});
