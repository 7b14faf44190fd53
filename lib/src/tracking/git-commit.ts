import { execFileSync } from "node:child_process";
import { REPOSITORY } from "../runtime/repository";

/** The commit of the project, short, with `+changes` where files differ from it; `null` where git, or a repository, is missing. */
export function gitCommit(folder: string = REPOSITORY): string | null {
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", folder, ...words], {
      encoding: "utf8",
      timeout: 5_000,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const commit = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain") === "" ? commit : `${commit}+changes`;
  } catch {
    return null;
  }
}
