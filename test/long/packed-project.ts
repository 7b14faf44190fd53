import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT, temporaryFolder } from "../environment/programs";
import { newcomer } from "./clone";

const PACKAGES = path.join(ROOT, "build/packages");
const README = readFileSync(path.join(ROOT, "lib/README.md"), "utf8");
/** An empty folder that becomes somebody's project. */
export const project = path.join(temporaryFolder(), "project");
/** Of whoever works there: empty. */
export const home = temporaryFolder();
const env = newcomer(home);

/** The first block of a language in lib's README, which a reader copies. */
export function documented(language: string): string {
  const block = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(README)?.[1];
  assert.ok(block, `lib/README.md has no block of ${language}`);
  return block;
}

/** The commands of the README's install section, without their comments. */
export function documentedCommand(begin: string): string[] {
  const line = README.split("\n").find((one) => one.startsWith(begin)) ?? "";
  const words = line.replace(/#.*/, "").trim().split(/\s+/);
  assert.ok(words.length > 1, `lib/README.md has no command ${begin}`);
  return words;
}

/** Runs a program in the project, and returns what it printed. */
export function run([command = "", ...args]: string[], more: NodeJS.ProcessEnv = {}): string {
  const options = { cwd: project, env: { ...env, ...more }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  assert.equal(status, 0, `${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout + stderr;
}

/** A file of the project. */
export const inProject = (name: string): string => path.join(project, name);
/** What a package holds. */
export const listed = (name: string): string[] =>
  execFileSync("tar", ["tzf", path.join(PACKAGES, `finetune-debug-${name}-0.1.0.tgz`)], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((file) => file.replace(/^package\//, ""))
    .sort();

/** Packs what is released, and installs it in the project as the README says. */
export function installPackages(): void {
  execFileSync(process.execPath, [path.join(ROOT, "environment/pack.mjs")], { stdio: "inherit" });
  mkdirSync(project);
  for (const name of readdirSync(PACKAGES)) copyFileSync(path.join(PACKAGES, name), inProject(name));
  writeFileSync(inProject("package.json"), documented("json"));
  run([...documentedCommand("npm install"), "--no-audit", "--no-fund"]);
}
