// must run before TensorFlow is loaded
import "./node-compatibility";
import "./require-binding";
import * as tf from "@tensorflow/tfjs-node-gpu";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import { closeScopesOfBrokenCells } from "./tidy-scopes";

export { tf };

closeScopesOfBrokenCells(tf.engine());

/** The native backend, which runs any TensorFlow operation by its name. */
export function nodeBackend(): NodeJSKernelBackend {
  return tf.backend() as NodeJSKernelBackend;
}
