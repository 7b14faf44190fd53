import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { entryOf } from "../../../../lib/src/hub/embedded/commit";
import {
  DEFAULT_GIT_ATTRIBUTES,
  LARGEST_REGULAR_FILE,
  uploadMode,
} from "../../../../lib/src/hub/embedded/large-files";
import { temporaryFolder } from "../../temporary-folder";

const PATHS = [
  "model.safetensors",
  "nested/deep/model.safetensors",
  "config.json",
  "data/train.parquet",
  "events.out.tfevents.1",
  "saved_model/variables.txt",
  "saved_model/a/b.txt",
  "other/saved_model/a.txt",
  "archive.tar.gz",
  "tar",
  "a.bin.txt",
  ".bin",
  "docs/guide.txt",
  "docs/deep/guide.txt",
  "one.dat",
  "two.dat",
  "a+b(c).x",
];
const OWN = [
  "# *.json filter=lfs",
  "/docs/*.txt filter=lfs diff=lfs merge=lfs -text",
  "*.dat filter=lfs",
  "one.dat -filter",
  "*.json text",
  "a+b(c).? filter=lfs",
  "docs/**/guide.txt !filter",
].join("\n");

describe("which files are large", () => {
  const mode = (params: { path?: string; size?: number; sample?: string }) => {
    const { path: name = "a.txt", size = 10, sample = "text" } = params;
    return uploadMode({
      path: name,
      size,
      sample: Buffer.from(sample),
      gitAttributes: DEFAULT_GIT_ATTRIBUTES,
    });
  };

  it("is what git reads from .gitattributes", () => {
    for (const gitAttributes of [DEFAULT_GIT_ATTRIBUTES, OWN, ""]) {
      const folder = temporaryFolder();
      execFileSync("git", ["init", "--quiet"], { cwd: folder });
      writeFileSync(path.join(folder, ".gitattributes"), gitAttributes);
      for (const name of PATHS) {
        const said = execFileSync("git", ["check-attr", "filter", "--", name], {
          cwd: folder,
          encoding: "utf8",
        });
        const found = uploadMode({ path: name, size: 1, sample: Buffer.from("a"), gitAttributes });
        assert.equal(found, said.trim().endsWith(": lfs") ? "lfs" : "regular", said);
      }
    }
  });

  it("is those that are binary or too large for git, whatever they are called", () => {
    assert.equal(mode({}), "regular");
    assert.equal(mode({ sample: "a\u0000b" }), "lfs");
    assert.equal(mode({ size: LARGEST_REGULAR_FILE }), "regular");
    assert.equal(mode({ size: LARGEST_REGULAR_FILE + 1 }), "lfs");
  });

  it("begins, in a new repository, with the Hub's own .gitattributes", () => {
    // the oid that the Hub shows for this file in the models it creates
    assert.equal(
      entryOf(Buffer.from(DEFAULT_GIT_ATTRIBUTES)).oid,
      "a6344aac8c09253b3b630fb776ae94478aa0275b",
    );
  });
});
