/** A tensor of TensorFlow.js; this type alone, since all of its types would slow down every cell's type check. */
export type { Tensor } from "@tensorflow/tfjs-core/dist/tensor";
