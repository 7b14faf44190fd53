import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { code, notebook, notebookFolder } from "./notebooks";
import { runNode, type Answer } from "./programs";

function save(folder: string): Answer {
  const build = path.join(folder, "build");
  return runNode(["environment/save-notebooks.mjs", "--folder", folder, "--build", build]);
}

describe("npm run notebooks:save", () => {
  it("writes outputs back that are the same the second time, and that nbval accepts", () => {
    const folder = notebookFolder({
      "01-one": notebook(
        code("const a = [1, 2];\na;", { count: null }),
        code("console.log(a.length);", { count: null }),
      ),
    });
    const file = path.join(folder, "01-one.ipynb");
    const first = save(folder);
    assert.equal(first.status, 0, first.stdout + first.stderr);
    const saved = readFileSync(file, "utf8");
    assert.match(saved, /\[ 1, 2 \]/);
    assert.equal(save(folder).status, 0);
    assert.equal(readFileSync(file, "utf8"), saved);
    const nbval = runNode(["environment/nbval.mjs", "--out", path.join(folder, "nbval"), file]);
    assert.equal(nbval.status, 0, nbval.stdout);
    assert.match(nbval.stdout, /2 passed/);
  });

  it("leaves a notebook as it was whose outputs tell of this machine, or whose cell fails", () => {
    for (const [source, expected] of [
      ["process.cwd();", /01-one was not saved, since its outputs tell of this machine: cell \[1\] shows /],
      ["throw new Error('no');", /cell \[1\]: Error: no/],
    ] as const) {
      const folder = notebookFolder({ "01-one": notebook(code(source, { count: null })) });
      const file = path.join(folder, "01-one.ipynb");
      const before = readFileSync(file, "utf8");
      const { status, stdout, stderr } = save(folder);
      assert.equal(status, 1);
      assert.match(stdout + stderr, expected);
      assert.equal(readFileSync(file, "utf8"), before);
    }
  });
});
