// @ts-check
/**
 * `npm run check:gpu [-- --on-cpu]`: what only a GPU can show: that TensorFlow sees it, trains on it as on the CPU, frees its
 * memory, and how much faster it is. `--on-cpu` compares the CPU with itself: the check's own check, where there is no GPU.
 */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { check, toTable } from "./doctor/check.mjs";
import { showHiddenGpu } from "./doctor/gpu.mjs";
import { requireSetup } from "./require-setup.mjs";
import { findGpu } from "./setup/device.mjs";
import { ROOT } from "./setup/paths.mjs";

/** @typedef {import("./doctor/training-probe.mjs").Probe} Probe */

/** Of a loss of about 0.7, or a logit, after a few steps: a GPU's products are in TF32, with 10 bits of mantissa. */
const TOLERANCE = 0.01;
const NO_GPU = { CUDA_VISIBLE_DEVICES: "-1" };

const { values } = parseArgs({ options: { "on-cpu": { type: "boolean", default: false } } });

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Probe}
 */
function probe(env) {
  const program = path.join(ROOT, "environment/doctor/training-probe.mjs");
  const output = execFileSync(process.execPath, [program], {
    cwd: ROOT,
    encoding: "utf8",
    // so that the memory in use is what was asked for, not all there is
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", TF_FORCE_GPU_ALLOW_GROWTH: "true", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return /** @type {Probe} */ (JSON.parse(output.trim().split("\n").at(-1) ?? ""));
}

/**
 * @param {Probe} one
 * @param {Probe} other
 */
function agreement(one, other) {
  const pairs = [...one.losses, ...one.logits].map((value, index) => [
    value,
    [...other.losses, ...other.logits][index] ?? NaN,
  ]);
  const apart = Math.max(...pairs.map(([a = NaN, b = NaN]) => Math.abs(a - b)));
  const first = one.losses[0] ?? NaN;
  const last = one.losses.at(-1) ?? NaN;
  const found = `losses and logits at most ${apart.toPrecision(1)} apart, loss ${first.toFixed(3)} to ${last.toFixed(3)}`;
  if (!(apart <= TOLERANCE)) throw new Error(`${found}; expected at most ${TOLERANCE}`);
  if (!(first - last > TOLERANCE)) throw new Error(`${found}; expected it to fall`);
  return found;
}

/** @param {Probe} probe */
function freed({ tensorsLeft, usedBytes, bytes }) {
  const grown = (usedBytes.at(-1) ?? 0) - (usedBytes[0] ?? 0);
  const found = `${tensorsLeft} tensors left`;
  const onGpu =
    usedBytes.length > 0
      ? `, the GPU's memory in use grew by ${grown / 2 ** 20} MiB from one training to the last`
      : "";
  if (tensorsLeft !== 0 || grown >= bytes) throw new Error(`${found}${onGpu}; expected nothing`);
  return `${found}${onGpu}`;
}

async function checkGpu() {
  if (!values["on-cpu"] && !findGpu()) {
    console.log("skipped: no GPU (nvidia-smi does not answer)");
    return 0;
  }
  requireSetup();
  const here = probe(values["on-cpu"] ? NO_GPU : {});
  const wanted = values["on-cpu"] ? "cpu" : "gpu";
  const sees = () => {
    if (here.device !== wanted) throw new Error(`training ran on the ${here.device}`);
    return `training ran on the ${wanted}`;
  };
  const device = await check("device", sees, { fix: showHiddenGpu() ?? "npm run setup -- --gpu" });
  // of the CPU compared with itself, the rest would say nothing
  return report(device.ok ? [device, ...(await compare(here, probe(NO_GPU)))] : [device]);
}

/**
 * @param {Probe} here
 * @param {Probe} cpu
 */
async function compare(here, cpu) {
  const speed = () =>
    `${(cpu.stepMs / here.stepMs).toFixed(1)} times the CPU's: ${here.stepMs.toFixed(1)} ms a step against ${cpu.stepMs.toFixed(1)}`;
  const without = { fix: "npm run setup -- --cpu" };
  return [
    await check("agrees with the CPU", () => agreement(here, cpu), without),
    await check("frees memory", () => freed(here), without),
    await check("speed", speed),
  ];
}

/** @param {import("./doctor/check.mjs").Check[]} checks */
function report(checks) {
  console.log(toTable(checks));
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

process.exitCode = await checkGpu().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
