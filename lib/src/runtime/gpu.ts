import { execFileSync } from "node:child_process";

/** What nvidia-smi says of one GPU; `null` where this GPU does not tell. */
export interface GpuUse {
  name: string;
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
  /** Share of the last moment in which the GPU computed, 0 to 1. */
  utilization: number | null;
}

const FIELDS = "name,memory.used,memory.total,utilization.gpu";
/** nvidia-smi counts in mebibytes. */
const MEBIBYTE = 2 ** 20;
/** A driver in trouble may keep nvidia-smi waiting for ever. */
const TIMEOUT_MS = 5_000;

/**
 * Asks nvidia-smi about the GPU that TensorFlow takes: the first that CUDA_VISIBLE_DEVICES leaves visible.
 *
 * @returns `undefined` where there is no GPU, or no nvidia-smi that answers
 */
export function gpuUse(): GpuUse | undefined {
  const visible = (process.env["CUDA_VISIBLE_DEVICES"] ?? "0").split(",")[0]?.trim() ?? "";
  // CUDA takes an empty list and a negative number for none
  if (visible === "" || visible.startsWith("-")) return undefined;
  const options = [`--query-gpu=${FIELDS}`, "--format=csv,noheader,nounits", `--id=${visible}`];
  try {
    const output = execFileSync("nvidia-smi", options, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: TIMEOUT_MS,
    });
    return parseLine(output.trim().split("\n")[0] ?? "");
  } catch {
    return undefined;
  }
}

/** One line such as `NVIDIA H200, 1024, 143771, 87`. */
function parseLine(line: string): GpuUse | undefined {
  const [name, used, total, utilization] = line.split(",").map((field) => field.trim());
  if (!name || utilization === undefined) return undefined;
  const times = (field: string | undefined, unit: number): number | null =>
    field !== undefined && /^\d+(\.\d+)?$/.test(field) ? Number(field) * unit : null;
  return {
    name,
    memoryUsedBytes: times(used, MEBIBYTE),
    memoryTotalBytes: times(total, MEBIBYTE),
    utilization: times(utilization, 1 / 100),
  };
}
