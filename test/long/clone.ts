import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT, temporaryFolder } from "../environment/programs";

/** A port of this machine behind which nothing listens. */
const CLOSED = "http://127.0.0.1:9";

/** A fresh clone of what is committed, as a newcomer has it. */
export function cloneRepository(): string {
  const folder = path.join(temporaryFolder(), "clone");
  execFileSync("git", ["clone", "--quiet", "--no-hardlinks", ROOT, folder]);
  return folder;
}

/** The environment of a newcomer: an empty home, with this machine's package caches so that nothing is fetched twice. */
export function newcomer(home: string): NodeJS.ProcessEnv {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return {
    ...withoutStory(),
    HOME: home,
    npm_config_cache: process.env["npm_config_cache"] ?? path.join(os.homedir(), ".npm"),
    UV_CACHE_DIR: process.env["UV_CACHE_DIR"] ?? path.join(cache, "uv"),
    PIP_CACHE_DIR: process.env["PIP_CACHE_DIR"] ?? path.join(cache, "pip"),
    // pip asks `rustc --version`, and rustup, where there is one, writes its settings at its first call
    RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? path.join(os.homedir(), ".rustup"),
  };
}

/** A newcomer whose network is off and who has downloaded nothing yet. */
export function offlineNewcomer(home: string): NodeJS.ProcessEnv {
  const caches = temporaryFolder();
  return {
    ...withoutStory(),
    HOME: home,
    npm_config_cache: path.join(caches, "npm"),
    npm_config_registry: CLOSED,
    UV_CACHE_DIR: path.join(caches, "uv"),
    UV_INDEX_URL: `${CLOSED}/simple`,
    UV_DEFAULT_INDEX: `${CLOSED}/simple`,
    UV_FIND_LINKS: undefined,
    PIP_CACHE_DIR: path.join(caches, "pip"),
    PIP_INDEX_URL: `${CLOSED}/simple`,
    PIP_FIND_LINKS: undefined,
    PIP_CONFIG_FILE: "/dev/null",
    HF_ENDPOINT: CLOSED,
  };
}

/** The environment without the reader's own story, Hub and caches. */
export function withoutStory(): NodeJS.ProcessEnv {
  const own = /^(STORY_|npm_|IMDB_DIR|HF_|HUGGING|TRANSFORMERS_|XDG_)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return Object.fromEntries(kept);
}

/** A program that runs, with what it printed so far. */
export interface Running {
  child: ChildProcess;
  printed: () => string;
  /** Resolves once it printed this; rejects if it ends before. */
  prints: (pattern: RegExp) => Promise<void>;
  ended: Promise<number | null>;
}

/** The words before a command that let it run without any network but this machine's own loopback. */
const NO_NETWORK = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$0" "$@"'];

/** `NO_NETWORK` where this machine lets a program have a network of its own, otherwise nothing. */
export function withoutNetwork(): string[] {
  const [command = "", ...args] = NO_NETWORK;
  return spawnSync(command, [...args, "true"]).status === 0 ? NO_NETWORK : [];
}

/** Starts a program of the clone in a process group of its own, behind the words of another command if there are any. */
export function start(
  args: string[],
  { through = [], ...options }: { cwd: string; env: NodeJS.ProcessEnv; through?: string[] },
): Running {
  const [command = process.execPath, ...words] = [...through, process.execPath, ...args];
  const child = spawn(command, words, {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      child.emit("text");
    });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const prints = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(text)) resolve();
      };
      child.on("text", look);
      child.on("close", () => {
        reject(new Error(`ended without printing ${String(pattern)}:\n${text}`));
      });
      look();
    });
  return { child, printed: () => text, prints, ended };
}

/** Everything in a folder, however deep. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}
