// @ts-check
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SetupError } from "./error.mjs";
import { IS_INSTALLED, STATE } from "./paths.mjs";

/** @typedef {import("./platforms.mjs").Device} Device */
/**
 * An NVIDIA GPU.
 * @typedef {object} Gpu
 * @property {string} name
 * @property {number} memoryMiB all of its memory
 */

/** Holds the choice that a person forced; without it, a GPU is used where there is one. */
const CHOICE = path.join(STATE, "device");

/**
 * The first NVIDIA GPU of this machine, if `nvidia-smi` answers.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Gpu | undefined}
 */
export function findGpu(env = process.env) {
  try {
    const query = ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"];
    const output = execFileSync("nvidia-smi", query, {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      // a broken driver lets it hang
      timeout: 20_000,
    });
    const [name = "", memoryMiB] = (output.split("\n")[0] ?? "").split(", ");
    const gpu = { name, memoryMiB: Number(memoryMiB) };
    return Number.isFinite(gpu.memoryMiB) ? gpu : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What was asked for by SETUP_DEVICE, or by an earlier `npm run setup -- --gpu` or `--cpu`; not checked here.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function askedDevice(env = process.env) {
  const asked = env["SETUP_DEVICE"];
  if (asked) return asked;
  return existsSync(CHOICE) ? readFileSync(CHOICE, "utf8").trim() : undefined;
}

/**
 * The device that the flags of a command ask for.
 * @param {string[]} flags
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Device | undefined} undefined where no flag does
 */
export function deviceOfFlags(flags, env = process.env) {
  const unknown = flags.find((flag) => flag !== "--gpu" && flag !== "--cpu");
  if (unknown !== undefined)
    throw new SetupError(
      `Set-up knows no ${unknown}: expected --gpu, --cpu${IS_INSTALLED ? "" : ", --bundle FILE, --from FILE"} or nothing.`,
    );
  const [first] = flags;
  if (first === undefined) return undefined;
  const said = [...flags, ...(env["SETUP_DEVICE"] ? [`SETUP_DEVICE=${env["SETUP_DEVICE"]}`] : [])];
  if (said.some((word) => !word.endsWith(first.slice("--".length))))
    throw new SetupError(`Set-up was asked for ${said.join(" and for ")}: expected one of them.`);
  return first === "--gpu" ? "gpu" : "cpu";
}

/**
 * Keeps a choice for every later command.
 * @param {Device} device
 */
export function rememberDevice(device) {
  mkdirSync(STATE, { recursive: true });
  writeFileSync(`${CHOICE}.part`, `${device}\n`);
  renameSync(`${CHOICE}.part`, CHOICE);
}
