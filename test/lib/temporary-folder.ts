import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";

/** A folder that is gone when the tests of the file (or of the enclosing `describe`) are over. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "finetune-debug-")));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
