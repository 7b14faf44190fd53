// @ts-check
import { findGpu } from "../setup/device.mjs";
import { thisPlatform } from "../setup/machine.mjs";
import { check } from "./check.mjs";

/**
 * Looks whether TensorFlow uses this machine's GPU; needed only where set-up took the library for one.
 * @param {() => "gpu" | "cpu"} runsOn where TensorFlow runs; throws where it does not load
 * @returns {Promise<import("./check.mjs").Check>}
 */
export function checkGpu(runsOn) {
  const gpu = findGpu();
  const needed = wantsGpu();
  const look = () => {
    if (!gpu) throw new Error("none (nvidia-smi does not answer)");
    const found = `${gpu.name}, ${(gpu.memoryMiB / 1024).toFixed(0)} GiB`;
    if (!needed) throw new Error(`${found}, unused: set-up took TensorFlow's library for the CPU`);
    if (runsOn() !== "gpu") throw new Error(`${found}, but TensorFlow does not see it`);
    return `${found}, used by TensorFlow`;
  };
  return check("GPU", look, { needed, fix: fixFor(gpu !== undefined, needed, runsOn) });
}

/** Whether set-up takes the library for a GPU here; on a machine that is not supported, it takes none. */
function wantsGpu() {
  try {
    return thisPlatform().device === "gpu";
  } catch {
    return false;
  }
}

/**
 * @param {boolean} hasGpu
 * @param {boolean} needed
 * @param {() => "gpu" | "cpu"} runsOn
 */
function fixFor(hasGpu, needed, runsOn) {
  if (!hasGpu) return needed ? "npm run setup -- --cpu" : "an NVIDIA GPU and its driver (pocket needs none)";
  if (!needed) return "npm run setup -- --gpu";
  try {
    runsOn();
    return showHiddenGpu() ?? "install NVIDIA's driver 525 or newer";
  } catch {
    return "npm run setup";
  }
}

/**
 * What shows the GPUs again where CUDA_VISIBLE_DEVICES hides them all: CUDA takes an empty list and a negative number for none.
 * @returns {string | undefined} undefined where it does not
 */
export function showHiddenGpu() {
  const visible = process.env["CUDA_VISIBLE_DEVICES"];
  if (visible === undefined || !/^\s*(-|,|$)/.test(visible)) return undefined;
  return `unset CUDA_VISIBLE_DEVICES (${JSON.stringify(visible)} hides every GPU)`;
}
