import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { REPOSITORY } from "../runtime/repository";

/**
 * The commit of the project, short, with `+changes` where files differ from it; `null` where git, or a repository, is missing.
 *
 * The project is the repository that this lib lies in or is installed in, wherever the process was started: its code is what trained. A repository
 * that the folder merely lies in, as an unpacked archive may, is another project's.
 */
export function gitCommit(folder: string = REPOSITORY): string | null {
  const git = (...words: string[]): string =>
    execFileSync("git", ["--no-optional-locks", "-C", folder, ...words], {
      encoding: "utf8",
      timeout: 5_000,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    if (realpathSync(git("rev-parse", "--show-toplevel")) !== realpathSync(folder)) return null;
    const commit = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain") === "" ? commit : `${commit}+changes`;
  } catch {
    return null;
  }
}
