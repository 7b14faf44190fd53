import { nodeBackend, tf } from "./tensorflow";

/** What TensorFlow this process runs on. */
export interface RuntimeInfo {
  /** Version of the TensorFlow library under TensorFlow.js. */
  tensorflow: string;
  /** Version of TensorFlow.js. */
  tfjs: string;
  /** Where operations run. */
  device: "gpu" | "cpu";
}

/** Says which TensorFlow is loaded and on which device it runs. */
export function describeRuntime(): RuntimeInfo {
  const { binding, isUsingGpuDevice } = nodeBackend();
  return {
    tensorflow: binding.TF_Version,
    tfjs: tf.version.tfjs,
    device: isUsingGpuDevice ? "gpu" : "cpu",
  };
}
