import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

/** Runs a test on a file system of that many kilobytes: a disk that really is full. Skips where this user may not mount one. */
export async function onSmallDisk(
  context: TestContext,
  kilobytes: number,
  run: (folder: string) => Promise<void> | void,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "finetune-debug-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder], { stdio: "pipe" });
  } catch {
    rmdirSync(folder);
    context.skip("this user may not mount a small file system (root can)");
    return;
  }
  try {
    await run(folder);
  } finally {
    execFileSync("umount", [folder]);
    rmdirSync(folder);
  }
}
