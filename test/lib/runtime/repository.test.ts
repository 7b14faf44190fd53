import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { DOWNLOADS, REPOSITORY, shownPath } from "../../../lib/src/runtime/repository";

describe("the repository", () => {
  it("is the folder with package.json and data/", () => {
    assert.ok(existsSync(path.join(REPOSITORY, "package.json")));
    assert.ok(existsSync(path.join(REPOSITORY, "data/imdb.json")));
    assert.equal(DOWNLOADS, path.join(REPOSITORY, "data/downloads"));
  });
});

describe("a path as it is shown", () => {
  it("is relative inside the repository", () => {
    assert.equal(
      shownPath(path.join(DOWNLOADS, "encoder/config.json")),
      "data/downloads/encoder/config.json",
    );
    assert.equal(shownPath(path.join(REPOSITORY, "..odd/file")), "..odd/file");
    assert.equal(shownPath(REPOSITORY), ".");
  });

  it("is its last two parts elsewhere", () => {
    assert.equal(shownPath("/mnt/disk/imdb/train.parquet"), ".../imdb/train.parquet");
    assert.equal(shownPath(path.dirname(REPOSITORY)).startsWith("/"), false);
  });

  it("names no home: neither this user's nor another's", () => {
    const home = os.homedir();
    const name = path.basename(home);
    for (const file of ["", "file", "models/file", "a/b/c/file"]) {
      const shown = shownPath(path.join(home, file));
      assert.ok(!shown.split(path.sep).includes(name), shown);
      assert.ok(shown.endsWith(path.basename(file)), shown);
    }
    assert.equal(shownPath("/home/somebody/file"), ".../file");
    assert.equal(shownPath("/Users/somebody/models/file"), ".../models/file");
    assert.equal(shownPath("/home/somebody"), "...");
  });
});
