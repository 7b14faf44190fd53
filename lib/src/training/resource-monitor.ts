import { ArgumentError } from "../runtime/errors";
import { gpuUse, type GpuUse } from "../runtime/gpu";
import { memoryUse } from "../runtime/memory";
import { Presentable, type Cell, type TableSpec } from "../runtime/presentation";
import type { CallbackContext, TrainerCallback } from "./callbacks";

/** What a run used at one step. */
export interface ResourceSample {
  step: number;
  /** Over the last steps, what happens between them not counted. */
  textsPerSecond: number;
  /** Tensors that TensorFlow.js keeps (`tf.memory().numTensors`). */
  numTensors: number;
  /** Resident memory of the process. */
  residentBytes: number;
  /** `null` on a machine without one; there too where TensorFlow runs on the processor, so that an idle GPU shows. */
  gpu: GpuUse | null;
}

/** Follows what a run uses: speed, tensors, memory, and the GPU where there is one. */
export class ResourceMonitor extends Presentable implements TrainerCallback {
  readonly samples: ResourceSample[] = [];
  readonly #every: number;

  /**
   * @param params.everySteps steps from one sample to the next; a sample on a GPU starts nvidia-smi, which takes a moment
   * @throws ArgumentError for a number of steps that is none
   */
  constructor({ everySteps }: { everySteps: number }) {
    super();
    if (!Number.isInteger(everySteps) || everySteps < 1)
      throw new ArgumentError(`everySteps is ${everySteps}; expected a whole number above 0.`);
    this.#every = everySteps;
  }

  /** Called by the Trainer before the first step: each run begins with no sample. */
  onTrainBegin(): void {
    this.samples.length = 0;
  }

  /** Called by the Trainer after each step. */
  onStepEnd({ state, throughput }: CallbackContext): void {
    if (state.globalStep % this.#every !== 0) return;
    const { tensors, residentBytes } = memoryUse();
    this.samples.push({
      step: state.globalStep,
      textsPerSecond: throughput.textsPerSecond,
      numTensors: tensors,
      residentBytes,
      gpu: gpuUse() ?? null,
    });
  }

  override present(): TableSpec {
    const hasGpu = this.samples.some(({ gpu }) => gpu !== null);
    return {
      kind: "table",
      columns: ["step", "texts/s", "tensors", "memory MB", ...(hasGpu ? ["GPU memory MB", "GPU busy"] : [])],
      rows: this.samples.map(({ step, textsPerSecond, numTensors, residentBytes, gpu }) => [
        ...[step, textsPerSecond, numTensors, residentBytes / 1e6],
        ...(hasGpu ? [megabytes(gpu?.memoryUsedBytes), gpu?.utilization ?? null] : []),
      ]),
      format: { "texts/s": 1, "memory MB": 0, "GPU memory MB": 0, "GPU busy": "percent" },
    };
  }
}

function megabytes(bytes: number | null | undefined): Cell {
  return bytes === null || bytes === undefined ? null : bytes / 1e6;
}
