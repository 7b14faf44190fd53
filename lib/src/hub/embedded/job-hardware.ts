import os from "node:os";

/** Names that the Hub has for the hardware of jobs (huggingface_hub's `JobHardware`). */
export const JOB_FLAVORS: readonly string[] = [
  ...["cpu-basic", "cpu-upgrade", "cpu-performance", "cpu-xl"],
  ...["t4-small", "t4-medium", "l4x1", "l4x4", "l40sx1", "l40sx4", "l40sx8"],
  ...["a10g-small", "a10g-large", "a10g-largex2", "a10g-largex4", "a100-large", "a100x4", "a100x8"],
  ...["h200", "h200x2", "h200x4", "h200x8"],
  ...["rtx-pro-6000", "rtx-pro-6000x2", "rtx-pro-6000x4", "rtx-pro-6000x8"],
];

/** The hardware list: whatever its name, each is this machine, without a promise of a GPU, and costs nothing. */
export function jobHardware(): Record<string, unknown>[] {
  return JOB_FLAVORS.map((name) => ({
    name,
    prettyName: `${name}: this machine`,
    cpu: `${os.availableParallelism()} vCPU`,
    ram: `${Math.round(os.totalmem() / 1e9)} GB`,
    ephemeralStorage: "N/A",
    accelerator: null,
    ...{ unitCostMicroUSD: 0, unitCostUSD: 0, unitLabel: "minute" },
  }));
}
