// must run before TensorFlow is loaded
import "./node-compatibility";
import * as tf from "@tensorflow/tfjs-node-gpu";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";

export { tf };

/** A tensor of TensorFlow.js. */
export type Tensor = tf.Tensor;

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

/** The native backend, which runs any TensorFlow operation by its name. */
export function nodeBackend(): NodeJSKernelBackend {
  return tf.backend() as NodeJSKernelBackend;
}
