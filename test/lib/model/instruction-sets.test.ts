import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";

describe("the fused operations of a processor without the widest vectors", () => {
  for (const instructions of ["any", "avx2"])
    it(`give the same with ${instructions} instructions`, () => {
      const tests = ["fused-layer.test.ts", "dropout.test.ts"].map((name) => path.join(__dirname, name));
      const child = spawnSync(process.execPath, ["--import", "tsx", "--test", ...tests], {
        encoding: "utf8",
        // a test runner of its own, which would report to this one otherwise
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, FUSED_INSTRUCTIONS: instructions },
      });
      assert.equal(child.status, 0, child.stdout);
      assert.match(child.stdout, /pass 1\d$/m);
    });
});
