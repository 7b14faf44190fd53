// @ts-check
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * Says whether there is a token for the Hugging Face Hub, and where, as huggingface_hub looks for it. Never says the token.
 * @param {NodeJS.ProcessEnv} [env]
 * @throws Error where there is none
 */
export function describeHubToken(env = process.env) {
  for (const name of ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]) if (env[name]) return `present (${name})`;
  const cache = env["XDG_CACHE_HOME"] ?? path.join(env["HOME"] ?? os.homedir(), ".cache");
  const home = env["HF_HOME"] ?? path.join(cache, "huggingface");
  const file = env["HF_TOKEN_PATH"] ?? path.join(home, "token");
  if (existsSync(file) && readFileSync(file, "utf8").trim() !== "")
    return "present (saved by `hf auth login`)";
  throw new Error("none (only pushing to the Hub and private models need one)");
}
