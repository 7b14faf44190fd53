// @ts-check
import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { askedDevice, findGpu } from "./device.mjs";
import { SetupError } from "./error.mjs";
import { ROOT, SETUP_COMMAND } from "./paths.mjs";
import { PLATFORMS } from "./platforms.mjs";

const MINIMUM_NODE = [20, 19];
const MINIMUM_PYTHON = [3, 10];

/**
 * @typedef {object} Machine
 * @property {string} platform `process.platform`
 * @property {string} arch `process.arch`
 * @property {string} node version without the v
 * @property {string | undefined} glibc version, undefined on musl (and off Linux)
 * @property {number} freeBytes on the repository's disk
 * @property {string | undefined} device the one that was asked for, if any was
 * @property {boolean} hasGpu whether an NVIDIA GPU answers; not looked for where a device was asked for
 */

/**
 * What this machine is.
 * @param {string} folder on the disk that will be filled
 * @returns {Machine}
 */
export function describeMachine(folder) {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    /** @type {unknown} */ (process.report.getReport())
  );
  const disk = statfsSync(folder);
  const device = askedDevice();
  return {
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    glibc: report.header.glibcVersionRuntime,
    freeBytes: disk.bavail * disk.bsize,
    device,
    hasGpu: device === undefined && answersGpu(),
  };
}

/**
 * Refuses a machine that cannot run this, in one line that says what can.
 * @param {Machine} machine
 * @returns {import("./platforms.mjs").Platform} what to install on it
 */
export function checkMachine(machine) {
  if (isOlder(machine.node, MINIMUM_NODE))
    throw new SetupError(
      `Node ${machine.node} is too old: install Node ${MINIMUM_NODE.join(".")} or newer (20, 22 and 24 are tested).`,
    );
  if (machine.platform === "win32")
    throw new SetupError(
      "Native Windows is not supported: open this folder in WSL2 (Ubuntu) and run the same command there.",
    );
  if (machine.platform === "linux" && machine.glibc === undefined)
    throw new SetupError(
      "This Linux uses musl (Alpine?), and TensorFlow is built for glibc: use Debian, Ubuntu, Fedora or their images.",
    );
  const name = `${machine.platform}-${machine.arch}`;
  const platform = PLATFORMS[name];
  if (!platform)
    throw new SetupError(`${name} is not supported yet (supported: ${Object.keys(PLATFORMS).join(", ")}).`);
  return platform[chooseDevice(machine, name)] ?? platform.cpu;
}

/**
 * The device that was asked for; otherwise a GPU where one answers.
 * @param {Machine} machine
 * @param {string} name of its platform
 */
function chooseDevice({ device, hasGpu }, name) {
  if (device === undefined) return hasGpu ? "gpu" : "cpu";
  if (device !== "gpu" && device !== "cpu")
    throw new SetupError(`Set-up was asked for the device ${JSON.stringify(device)}: expected gpu or cpu.`);
  if (device === "gpu" && !PLATFORMS[name]?.gpu)
    throw new SetupError(
      `There is no TensorFlow for a GPU on ${name} (there is on ${gpuPlatforms()}): run \`${SETUP_COMMAND} --cpu\`.`,
    );
  return device;
}

/** What to install on this very machine; everything that asks gets the same answer. */
export function thisPlatform() {
  return checkMachine(describeMachine(ROOT));
}

/**
 * Refuses a disk that set-up would fill.
 * @param {Machine} machine
 * @param {number} [besides] bytes that it takes for a while, of a bundle
 */
export function checkDisk(machine, besides = 0) {
  const neededBytes = checkMachine(machine).neededBytes + besides;
  const less = checkMachine({ ...machine, device: "cpu" }).neededBytes + besides;
  const orLess =
    less < neededBytes ? `, or do without the GPU (\`${SETUP_COMMAND} --cpu\`, ${gigabytes(less)} GB)` : "";
  if (machine.freeBytes < neededBytes)
    throw new SetupError(
      `The disk has ${(machine.freeBytes / 1e9).toFixed(1)} GB free and set-up needs ${gigabytes(neededBytes)} GB: free some and run the same command again${orLess}.`,
    );
}

/** @param {number} bytes */
function gigabytes(bytes) {
  return Math.ceil(bytes / 1e8) / 10;
}

/** @type {boolean | undefined} */
let gpuAnswers;

/** Asked once a process: `nvidia-smi` may take a second, and every step wants to know. */
function answersGpu() {
  gpuAnswers ??= findGpu() !== undefined;
  return gpuAnswers;
}

function gpuPlatforms() {
  const names = Object.entries(PLATFORMS).filter(([, { gpu }]) => gpu);
  return names.map(([name]) => name).join(", ");
}

/**
 * Finds a Python that is new enough: $PYTHON if it is set, otherwise the newest name on the PATH.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, version: string }}
 */
export function findPython(env = process.env) {
  const asked = env["PYTHON"];
  const names = asked
    ? [asked]
    : ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  /** @type {string[]} */
  const tooOld = [];
  for (const command of names) {
    const version = pythonVersion(command, env);
    if (version && !isOlder(version, MINIMUM_PYTHON)) return { command, version };
    if (version) tooOld.push(`${command} is ${version}`);
  }
  const found = tooOld.length > 0 ? tooOld.join(", ") : `none (tried ${names.join(", ")})`;
  throw new SetupError(
    `No Python ${MINIMUM_PYTHON.join(".")} or newer was found: ${found}. Install one, or set PYTHON to it.`,
  );
}

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 */
function pythonVersion(command, env) {
  try {
    const code = "import sys; print('.'.join(map(str, sys.version_info[:3])))";
    return execFileSync(command, ["-c", code], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}

/**
 * @param {string} version such as "20.19.0"
 * @param {number[]} minimum such as [20, 19]
 */
function isOlder(version, minimum) {
  const parts = version.split(".").map(Number);
  for (const [index, wanted] of minimum.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
