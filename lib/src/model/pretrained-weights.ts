import { ModelError } from "../runtime/errors";
import { normalValues, seededRandom, type Random } from "../runtime/random";
import { shownPath } from "../runtime/repository";
import { ResourceVariable } from "../runtime/resource-variable";
import { tf } from "../runtime/tensorflow";
import { classifierOutputs, labelNameProblems } from "./label-names";
import { isHeadParameter } from "./parameter-shapes";
import type { HostTensor } from "./safetensors";
import { readWeights } from "./weights";

/** What a model's weights must be. */
export interface WeightsParams {
  folder: string;
  /** Shape of every parameter by name, in the model's order. */
  shapes: Map<string, number[]>;
  /** What stands before the names of the encoder's parameters, and is missing in a file of the encoder alone. */
  baseModelPrefix: string;
  /** For errors, such as "a BERT encoder of 12 layers". */
  expected: string;
  id2label: Record<number, string>;
  /** Standard deviation of a new head's weights. */
  initializerRange: number;
  /** Seed of a new head's weights; 0 where nothing is said. */
  seed?: number | undefined;
}

/** A model's parameters, in TensorFlow. */
export interface PretrainedWeights {
  /** Parameters by transformers' names. */
  variables: Map<string, ResourceVariable>;
  /** Parameters that the folder did not have: they begin at random and mean nothing before training. */
  newlyInitialized: string[];
}

/**
 * Reads a folder's weights into variables, and makes a new head where it has none; the caller frees the variables.
 *
 * @throws ModelError if the weights are missing, incomplete, or do not fit the config and its labels
 */
export function readPretrainedWeights(params: WeightsParams): PretrainedWeights {
  const { folder, shapes, id2label, initializerRange: std, seed = 0, expected } = params;
  const { file, tensors: stored } = readWeights(folder);
  const tensors = withCurrentNames(stored, params);
  const [problem] = labelNameProblems(id2label, classifierOutputs(tensors));
  if (problem)
    throw new ModelError(`${shownPath(file)} does not fit its label names. ${problem} Mend its config.json.`);
  const random = seededRandom(seed);
  const variables = new Map<string, ResourceVariable>();
  const newlyInitialized: string[] = [];
  try {
    for (const [name, shape] of shapes) {
      const isNew = !tensors.has(name);
      if (isNew && !isHeadParameter(name))
        throw new ModelError(`${shownPath(file)} has no tensor ${name}; expected ${expected}.`);
      if (isNew) newlyInitialized.push(name);
      const values = tensors.get(name) ?? newHeadTensor({ name, shape, std, random });
      checkShape({ file, name, found: values.shape, expected: shape });
      variables.set(name, makeVariable(name, values));
    }
  } catch (error) {
    for (const variable of variables.values()) variable.dispose();
    throw error;
  }
  return { variables, newlyInitialized };
}

/**
 * Replaces a model's parameters by those of a folder that was saved from it.
 *
 * @throws ModelError if they do not fit; the model stays as it was
 */
export function replaceWeights(variables: Map<string, ResourceVariable>, folder: string): void {
  const { file, tensors } = readWeights(folder);
  // all are checked before the first is replaced
  const loaded = [...variables].map(([name, variable]) => {
    const values = tensors.get(name);
    if (!values)
      throw new ModelError(
        `${shownPath(file)} has no tensor ${name}; expected every parameter of the model.`,
      );
    checkShape({ file, name, found: values.shape, expected: variable.shape });
    return { variable, values };
  });
  for (const { variable, values } of loaded) {
    tf.tidy(() => {
      variable.assign(tf.tensor(values.data, values.shape));
    });
  }
}

/**
 * Tensors by the names that transformers gives them on loading (core_model_loading.py, `rename_source_key`): layer norms of
 * old TensorFlow checkpoints are scaled by "gamma" and shifted by "beta", and a bare encoder has no prefix.
 */
export function withCurrentNames(
  tensors: Map<string, HostTensor>,
  { shapes, baseModelPrefix }: Pick<WeightsParams, "shapes" | "baseModelPrefix">,
): Map<string, HostTensor> {
  return new Map(
    [...tensors].map(([stored, tensor]) => {
      const name = stored
        .replace("LayerNorm.gamma", "LayerNorm.weight")
        .replace("LayerNorm.beta", "LayerNorm.bias");
      const whole = `${baseModelPrefix}.${name}`;
      return [shapes.has(whole) ? whole : name, tensor];
    }),
  );
}

function makeVariable(name: string, values: HostTensor): ResourceVariable {
  const initial = tf.tensor(values.data, values.shape);
  try {
    return new ResourceVariable(name, initial);
  } finally {
    initial.dispose();
  }
}

/** A new head: weights normal, biases 0 (transformers/modeling_utils.py, `_init_weights`). */
function newHeadTensor(params: { name: string; shape: number[]; std: number; random: Random }): HostTensor {
  const { name, shape, std, random } = params;
  const count = shape.reduce((product, size) => product * size, 1);
  const isBias = name.endsWith(".bias");
  return { shape, data: isBias ? new Float32Array(count) : normalValues({ count, std, random }) };
}

/**
 * Refuses a tensor of another shape than the model's.
 *
 * @throws ModelError naming both
 */
export function checkShape(tensor: {
  file: string;
  name: string;
  found: number[];
  expected: number[];
}): void {
  const { file, name, found, expected } = tensor;
  if (found.length !== expected.length || found.some((size, axis) => size !== expected[axis]))
    throw new ModelError(
      `${shownPath(file)} has ${name} of shape [${found.join(", ")}]; its config and labels want [${expected.join(", ")}].`,
    );
}
