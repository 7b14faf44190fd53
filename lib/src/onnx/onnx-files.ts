import type { Dtype } from "./arithmetic";

/** A classifier's file in each type, in its folder, where Transformers.js looks for it. */
export const ONNX_FILES: Readonly<Record<Dtype, string>> = {
  fp32: "onnx/model.onnx",
  q8: "onnx/model_quantized.onnx",
};
