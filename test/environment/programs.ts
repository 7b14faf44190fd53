import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";

/** The root of the repository. */
export const ROOT = path.resolve(__dirname, "../..");
/** What a temporary copy of the set-up needs: its programs, and the files whose contents its steps depend on. */
const SETUP_FILES = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "tsconfig.base.json",
  "data",
  "lib/src",
  "lib/tsconfig.json",
  "lib/package.json",
  "environment",
];

/** What a program answered. */
export interface Answer {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A folder that is removed when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "environment-test-"));
  after(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return folder;
}

/** A copy of the set-up in which nothing has been set up: no packages, no Python, no stamps. */
export function copySetup(): string {
  const folder = temporaryFolder();
  const skipped = /(^|\/)(node_modules|dist|\.setup|downloads|__pycache__)(\/|$)|\.tsbuildinfo$/;
  for (const name of SETUP_FILES) {
    cpSync(path.join(ROOT, name), path.join(folder, name), {
      recursive: true,
      filter: (source) => !skipped.test(path.relative(ROOT, source)),
    });
  }
  return folder;
}

/** Imports a module of a copy: its paths lie in the copy. */
export function importFrom(folder: string, file: string): Promise<unknown> {
  return import(pathToFileURL(path.join(folder, file)).href);
}

/** Runs a program of this project with this Node. */
export function runNode(
  args: string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** A folder for the PATH that holds nothing but the programs given as shell scripts, and links to a few real ones. */
export function fakePath(scripts: Record<string, string>, links: Record<string, string> = {}): string {
  const bin = path.join(temporaryFolder(), "bin");
  mkdirSync(bin);
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, path.join(bin, name));
  return bin;
}

/** The lines of a text that say something. */
export function sayingLines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
