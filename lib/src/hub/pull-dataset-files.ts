import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { HubOptions } from "./hub-options";
import { pullSnapshot } from "./snapshot";

/**
 * Pulls what lies below a folder of a data set repository into a folder of this machine, where it takes the place of files of the
 * same names. Returns their paths in that folder, sorted: none if the repository has none there.
 *
 * @throws HubError if there is no such repository, or the Hub cannot be reached
 */
export async function pullDatasetFiles(
  params: HubOptions & { repo: string; from: string; to: string },
): Promise<string[]> {
  const { repo: name, from, to, ...options } = params;
  const prefix = `${from}/`;
  // they are wanted in one place, once: not in the cache that Python shares
  const cacheDir = mkdtempSync(path.join(os.tmpdir(), "dataset-files-"));
  try {
    const { folder, files } = await pullSnapshot(
      {
        repo: { type: "dataset", name },
        revision: "main",
        choose: (paths) => paths.filter((file) => file.startsWith(prefix)),
      },
      { ...options, cacheDir },
    );
    for (const file of files) {
      const target = path.join(to, file.slice(prefix.length));
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(path.join(folder, file), target, { dereference: true });
    }
    return files.map((file) => file.slice(prefix.length)).sort();
  } finally {
    rmSync(cacheDir, { recursive: true, force: true });
  }
}
