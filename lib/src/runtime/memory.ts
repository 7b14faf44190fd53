import { nodeBackend, tf } from "./tensorflow";

/** How much memory this process holds. */
export interface MemoryUse {
  /** Tensors that TensorFlow.js keeps. */
  tensors: number;
  /** Tensors that the native binding keeps: what leaked there shows here alone. */
  nativeTensors: number;
  /** Resident memory of the process in bytes. */
  residentBytes: number;
  /** Highest resident memory so far in bytes. */
  peakResidentBytes: number;
}

/** Counts tensors and bytes; equal counts before and after mean that nothing leaked. */
export function memoryUse(): MemoryUse {
  return {
    tensors: tf.memory().numTensors,
    nativeTensors: nodeBackend().binding.getNumOfTensors(),
    residentBytes: process.memoryUsage.rss(),
    // resourceUsage reports kilobytes
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  };
}
