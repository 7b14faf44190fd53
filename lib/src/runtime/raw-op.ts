import type { Tensor } from "./tensor";
import { nodeBackend } from "./tensorflow";

/** TensorFlow's numbers for the element types that lib uses (tensorflow/core/framework/types.proto). */
export const DT = { FLOAT: 1, INT32: 3, BFLOAT16: 14 } as const;

/** What the backend keeps to itself: which of TensorFlow's tensors is behind which of TensorFlow.js'. */
interface TensorBook {
  getInputTensorIds(tensors: Tensor[]): number[];
  createOutputTensor(metadata: { id: number; shape: number[]; dtype: number }): Tensor;
}

/** One attribute of a TensorFlow operation. */
export interface OpAttribute {
  name: string;
  type: number;
  value: boolean | number | string | number[];
}

/** Makes the attributes of an operation, typed as TensorFlow wants them. */
export const attribute = {
  /** An element type, see {@link DT}. */
  type: (name: string, value: number): OpAttribute => ({
    name,
    type: nodeBackend().binding.TF_ATTR_TYPE,
    value,
  }),
  bool: (name: string, value: boolean): OpAttribute => ({
    name,
    type: nodeBackend().binding.TF_ATTR_BOOL,
    value,
  }),
  int: (name: string, value: number): OpAttribute => ({
    name,
    type: nodeBackend().binding.TF_ATTR_INT,
    value,
  }),
  float: (name: string, value: number): OpAttribute => ({
    name,
    type: nodeBackend().binding.TF_ATTR_FLOAT,
    value,
  }),
  text: (name: string, value: string): OpAttribute => ({
    name,
    type: nodeBackend().binding.TF_ATTR_STRING,
    value,
  }),
  shape: (name: string, value: number[]): OpAttribute => ({
    name,
    type: nodeBackend().binding.TF_ATTR_SHAPE,
    value,
  }),
};

/** Runs a TensorFlow operation that has one output, also one that TensorFlow.js has no name for. */
export function runOp(name: string, inputs: Tensor[], attributes: OpAttribute[]): Tensor {
  return nodeBackend().executeSingleOutput(name, attributes, inputs);
}

/**
 * Runs a TensorFlow operation that has several outputs, or one that TensorFlow.js has no type for.
 *
 * An output in bfloat16 calls itself float32: only operations that are told its type may take it, and nobody may read it.
 */
export function runOps(name: string, inputs: Tensor[], attributes: OpAttribute[], count: number): Tensor[] {
  const { binding } = nodeBackend();
  const backend = nodeBackend() as unknown as TensorBook;
  const outputs = binding.executeOp(name, attributes, backend.getInputTensorIds(inputs), count);
  return outputs.map((output) =>
    backend.createOutputTensor(
      output.dtype === DT.BFLOAT16 ? { id: output.id, shape: output.shape, dtype: binding.TF_FLOAT } : output,
    ),
  );
}

/** Runs a TensorFlow operation for its effect alone. */
export function runEffect(name: string, inputs: Tensor[], attributes: OpAttribute[]): void {
  nodeBackend().executeMultipleOutputs(name, attributes, inputs, 0);
}
