import os from "node:os";
import { describeRuntime, type RuntimeInfo } from "./describe-runtime";
import { gpuUse } from "./gpu";
import { Presentable, type TableSpec } from "./presentation";

/** The device that operations run on. */
export class DeviceInfo extends Presentable {
  readonly device: RuntimeInfo["device"];
  /** Of the GPU, or of the processor. */
  readonly name: string;
  /** Processor cores that this process may use. */
  readonly cores: number;
  /** Memory of the GPU, or the machine's, in bytes; `null` where nothing tells. */
  readonly memoryBytes: number | null;
  /** Version of the TensorFlow library. */
  readonly tensorflow: string;

  constructor(info: Pick<DeviceInfo, "device" | "name" | "cores" | "memoryBytes" | "tensorflow">) {
    super();
    this.device = info.device;
    this.name = info.name;
    this.cores = info.cores;
    this.memoryBytes = info.memoryBytes;
    this.tensorflow = info.tensorflow;
  }

  override present(): TableSpec {
    const { device, name, cores, memoryBytes, tensorflow } = this;
    return {
      kind: "table",
      columns: ["device", "name", "cores", "memory GB", "TensorFlow"],
      rows: [[device, name, cores, memoryBytes === null ? null : memoryBytes / 1e9, tensorflow]],
      format: { "memory GB": 1 },
    };
  }
}

/** Says what TensorFlow runs on here. */
export function describeDevice(): DeviceInfo {
  const { device, tensorflow } = describeRuntime();
  const gpu = device === "gpu" ? gpuUse() : undefined;
  const shared = { device, tensorflow, cores: os.availableParallelism() };
  if (device === "gpu")
    return new DeviceInfo({
      ...shared,
      name: gpu?.name ?? "GPU",
      memoryBytes: gpu?.memoryTotalBytes ?? null,
    });
  // some processors have no model name; 0 means that nothing limits this process' memory
  const name = os.cpus()[0]?.model.trim() || os.machine();
  const limit = process.constrainedMemory() || Infinity;
  return new DeviceInfo({ ...shared, name, memoryBytes: Math.min(os.totalmem(), limit) });
}
