import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PYTHON } from "../../environment/setup/paths.mjs";
import { ROOT } from "../environment/programs";
import { withoutStory } from "./clone";

const REQUIREMENTS = path.join(ROOT, "environment/python/clients.txt");
/** Outside the main environment: nothing else may come to need it. */
const VENV = path.join(ROOT, "build/clients");

/** Makes the environment of Python's own clients, once for as long as its requirements stay; returns its interpreter. */
export function clientPython(): string {
  const python = path.join(VENV, "bin/python");
  const stamp = path.join(VENV, "requirements.sha256");
  const key = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return python;
  rmSync(VENV, { recursive: true, force: true });
  execFileSync(PYTHON, ["-m", "venv", VENV]);
  const quiet = ["--quiet", "--disable-pip-version-check"];
  execFileSync(python, ["-m", "pip", "install", ...quiet, "-r", REQUIREMENTS], { stdio: "inherit" });
  writeFileSync(stamp, key);
  return python;
}

/** What a Python program prints, given JSON; waits for it without keeping this process (and a Hub in it) from its work. */
export async function runPython(params: {
  python: string;
  args: string[];
  input?: unknown;
  env: NodeJS.ProcessEnv;
}): Promise<string> {
  const { python, args, input, env } = params;
  const child = spawn(python, args, { env, stdio: "pipe" });
  let [printed, complaints] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  child.stdin.end(input === undefined ? "" : JSON.stringify(input));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (status !== 0) throw new Error(`${path.basename(args[0] ?? "")} ended with ${status}: ${complaints}`);
  return printed;
}

/** The environment in which Python's clients ask one Hub with an empty cache, and are told nothing else. */
export function hubEnvironment(params: {
  endpoint: string;
  home: string;
  token?: string;
}): NodeJS.ProcessEnv {
  const { endpoint, home, token } = params;
  return {
    ...withoutStory(),
    ...{ HF_ENDPOINT: endpoint, HF_HOME: home, HF_HUB_DISABLE_XET: "1", HF_HUB_DISABLE_TELEMETRY: "1" },
    ...(token === undefined ? {} : { HF_TOKEN: token }),
  };
}
