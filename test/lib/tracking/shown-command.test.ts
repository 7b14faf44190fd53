import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, describe, it } from "node:test";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import { quoted, shownFolder } from "../../../lib/src/tracking/shown-command";
import { temporaryFolder } from "../temporary-folder";

const folder = temporaryFolder();
const current = process.cwd();
after(() => {
  process.chdir(current);
});

describe("a folder in a command", () => {
  it("is relative to the repository within it", () => {
    const word = shownFolder(path.join(REPOSITORY, "out", "runs"));
    assert.deepEqual(word, { word: "out/runs", hint: "" });
  });

  it("is relative to the current folder within that, so that the command can be run", () => {
    process.chdir(folder);
    const word = shownFolder(path.join(folder, "my out", "runs"));
    assert.deepEqual(word, { word: "'my out/runs'", hint: "" });
    process.chdir(current);
  });

  it("is shortened elsewhere, and says so", () => {
    const { word, hint } = shownFolder("/mnt/somewhere/out/runs");
    assert.equal(word, ".../out/runs");
    assert.match(hint, /"\.\.\." stands for/);
  });

  it("is one word for a shell, whatever is in it", () => {
    for (const text of ["plain/a-b_c.d", "two words", "it's", '$HOME "`x`"'])
      assert.equal(execFileSync("sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" }), text);
  });
});
