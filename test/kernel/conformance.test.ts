import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { PYTHON, ROOT, jupyterEnvironment, makeFolder } from "./kernel-client";

it("passes the official conformance suite of Jupyter kernels", () => {
  const folder = makeFolder("conformance");
  try {
    const script = path.join(__dirname, "conformance.py");
    const options = {
      cwd: path.join(ROOT, "notebooks"),
      env: jupyterEnvironment(folder),
      encoding: "utf8",
    } as const;
    const { status, stderr } = spawnSync(PYTHON, [script], options);
    assert.equal(status, 0, stderr);
    // skipped: the three kinds of history, which we keep none of, and IPython's pager
    assert.match(stderr, /Ran 12 tests[^]*OK \(skipped=4\)/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
