// @ts-check
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../setup/paths.mjs";

/** git's lists may be long. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Packs the project as it lies here: all files that git knows, as they are now, committed or not. What git ignores or has never been
 * told of stays here; so does all history.
 * @param {string} archive the file to write
 * @param {string} folder of the notebooks, which go along even if git does not know them
 * @returns {{ files: number, untracked: number }}
 */
export function packProject(archive, folder) {
  const tracked = gitFiles([]).filter((name) => existsSync(path.join(ROOT, name)));
  const notebooks = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
    .map((name) => path.relative(ROOT, path.join(folder, name)));
  const names = [...new Set([...tracked, ...notebooks])];
  execFileSync("tar", ["--null", "-czf", archive, "-T", "-"], {
    cwd: ROOT,
    input: names.map((name) => `${name}\0`).join(""),
    stdio: ["pipe", "ignore", "inherit"],
    // Apple's tar would add files of its own
    env: { ...process.env, COPYFILE_DISABLE: "1" },
  });
  return { files: names.length, untracked: gitFiles(["--others", "--exclude-standard"]).length };
}

/** @param {string[]} flags */
function gitFiles(flags) {
  try {
    const listed = execFileSync("git", ["ls-files", "-z", ...flags], {
      cwd: ROOT,
      encoding: "utf8",
      maxBuffer: MOST_BYTES,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return listed.split("\0").filter(Boolean);
  } catch {
    throw new Error(
      "What to send is asked of git, and this folder is no git repository, or git is missing: work in a clone.",
    );
  }
}
