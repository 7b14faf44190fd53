import type { SequenceClassificationModel } from "../../model/sequence-classification-model";
import { tf } from "../../runtime/tensorflow";
import { collate, type Feature } from "../../tokenization/collator";
import { labelledBatch, lossAndGradients } from "../../training/train-step";

/** The gradient of one parameter. */
export interface ParameterGradient {
  readonly name: string;
  /** Number of its values. */
  readonly size: number;
  /** Square root of the sum of squares; NaN or infinite where a value is. */
  readonly norm: number;
  /** Square root of the mean of squares. */
  readonly typical: number;
}

/** The loss of one batch and its gradients, without dropout. */
export interface BatchGradients {
  readonly loss: number;
  /** In the model's order. */
  readonly parameters: readonly ParameterGradient[];
}

/** Parameters whose gradient is 0 by their place: what a key's bias adds to all scores of a query, softmax takes away again. */
const WITHOUT_GRADIENT = /\.(k_lin|key)\.bias$/;

/** Gradients of a model's parameters on one batch; the biases of keys, which have none in any model, are left out. */
export function batchGradients(params: {
  model: SequenceClassificationModel;
  features: Feature[];
  padTokenId: number;
}): BatchGradients {
  const { model, features, padTokenId } = params;
  const [loss = NaN, ...norms] = tf.tidy(() => {
    const batch = labelledBatch(collate(features, padTokenId), model);
    const found = lossAndGradients(model, batch);
    return [found.loss, ...found.gradients.map((gradient) => tf.norm(gradient))].map(
      (scalar) => scalar.dataSync()[0] ?? NaN,
    );
  });
  const parameters = [...model.variables].map(([name, { shape }], index): ParameterGradient => {
    const norm = norms[index] ?? NaN;
    const size = shape.reduce((product, length) => product * length, 1);
    return { name, size, norm, typical: norm / Math.sqrt(size) };
  });
  return { loss, parameters: parameters.filter(({ name }) => !WITHOUT_GRADIENT.test(name)) };
}

/** The gradients of a layer together. */
export interface LayerGradient {
  readonly layer: string;
  readonly parameters: readonly ParameterGradient[];
  readonly norm: number;
}

/** Parameters by layer, in the model's order: `embeddings`, `layer 0` and so on, then the parts of the head by their names. */
export function byLayer(parameters: readonly ParameterGradient[]): LayerGradient[] {
  const layers = new Map<string, ParameterGradient[]>();
  for (const parameter of parameters) {
    const layer = layerOf(parameter.name);
    layers.set(layer, [...(layers.get(layer) ?? []), parameter]);
  }
  return [...layers].map(([layer, members]) => ({
    ...{ layer, parameters: members },
    norm: Math.hypot(...members.map(({ norm }) => norm)),
  }));
}

/** A parameter's name without what all names of a model begin with: `layer.3.ffn.lin1.bias`. */
export function shortName(name: string): string {
  return name.replace(/^.*\.(?=layer\.\d+\.|embeddings\.)/, "");
}

function layerOf(name: string): string {
  const number = /\.layer\.(\d+)\./.exec(name)?.[1];
  if (number !== undefined) return `layer ${number}`;
  return name.includes("embeddings.") ? "embeddings" : name.replace(/\.(weight|bias)$/, "");
}
