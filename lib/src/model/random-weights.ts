import { DT, attribute, runOp } from "../runtime/raw-op";
import { ResourceVariable } from "../runtime/resource-variable";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { PretrainedWeights } from "./pretrained-weights";

/** What random weights are made by. */
export interface RandomWeightsParams {
  /** Shape of every parameter by name, in the model's order. */
  shapes: Map<string, number[]>;
  /** Standard deviation of linear layers' and embeddings' weights. */
  initializerRange: number;
  /** Name of the word embeddings, whose row for padding is 0. */
  wordTable: string;
  padTokenId: number;
  /** 0 where nothing is said. */
  seed?: number | undefined;
}

/**
 * Makes all parameters of a model that was never trained: weights normal, biases and the padding's row 0, layer norms 1
 * (transformers/modeling_utils.py, `_init_weights`); the caller frees the variables.
 *
 * TensorFlow draws them, in a second where JavaScript would take ten: a model of base size has 10^8.
 */
export function randomWeights(params: RandomWeightsParams): PretrainedWeights {
  const { shapes, initializerRange, wordTable, padTokenId, seed = 0 } = params;
  const variables = new Map<string, ResourceVariable>();
  for (const [index, [name, shape]] of [...shapes].entries())
    tf.tidy(() => {
      variables.set(name, new ResourceVariable(name, initial()));
      function initial(): Tensor {
        if (name.endsWith(".bias")) return tf.zeros(shape);
        if (/layer_?norm\.weight$/i.test(name)) return tf.ones(shape);
        // a stream of its own for every parameter
        return tf.mul(normal(shape, [seed, index]), initializerRange);
      }
    });
  const words = variables.get(wordTable);
  tf.tidy(() => {
    words?.assignRows(tf.tensor1d([padTokenId], "int32"), tf.zeros([1, words.shape[1] ?? 0]));
  });
  return { variables, newlyInitialized: [...variables.keys()] };
}

function normal(shape: number[], seed: [number, number]): Tensor {
  const types = { dtype: DT.FLOAT, T: DT.INT32, Tseed: DT.INT32 };
  return runOp(
    "StatelessRandomNormal",
    [tf.tensor1d(shape, "int32"), tf.tensor1d(seed, "int32")],
    Object.entries(types).map(([name, type]) => attribute.type(name, type)),
  );
}
