import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { clientPython } from "../../../lib/src/tracking/client-python";
import { temporaryFolder } from "../temporary-folder";

const folder = temporaryFolder();
afterEach(() => {
  delete process.env["TRACKING_PYTHON"];
});

describe("clientPython", () => {
  it("does not call a package missing where a Python is slow to answer", () => {
    const slow = path.join(folder, "slow");
    writeFileSync(slow, "#!/bin/sh\nexec sleep 5\n", { mode: 0o755 });
    process.env["TRACKING_PYTHON"] = slow;
    assert.deepEqual(clientPython("wandb", 0.2), {
      line: "the Python of TRACKING_PYTHON did not say within 0.2 s whether wandb is installed; training goes on without it.",
    });
  });
});
