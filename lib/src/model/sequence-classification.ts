import type { Batch } from "../tokenization/collator";
import { pretrainedFolder, type RevisionOptions } from "../hub/pretrained-folder";
import { ArgumentError, ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { RecordedFunction } from "../recording/recorded-function";
import { normalValues, seededRandom, type Random } from "../runtime/random";
import { ResourceVariable } from "../runtime/resource-variable";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { isDropoutRate, label2idOf, readConfig, writeConfig, type DistilBertConfig } from "./config";
import { distilBertLogits, type Parameters } from "./distilbert";
import { classifierOutputs, labelNameProblems } from "./label-names";
import { isHeadParameter, parameterShapes } from "./parameter-shapes";
import { tokenLayout, type TokenLayout } from "./token-layout";
import type { HostTensor } from "./safetensors";
import { readWeights, shardNames, WEIGHTS_NAME, writeWeights, type SaveOptions } from "./weights";
import { SHARD_INDEX_NAME } from "./shard-index";

/** How a model is made from its files. */
export interface ModelOptions {
  /** Names of the labels by id; their number is the number of outputs. By default the folder's own. */
  id2label?: Record<number, string>;
  /** Seed of the head's random values where the folder has none. */
  seed?: number;
  /** Share of hidden values dropped in training, instead of the config's. */
  dropout?: number;
  /** Share of attention weights dropped in training, instead of the config's. */
  attentionDropout?: number;
  /** Share dropped before the classifier in training, instead of the config's. */
  seqClassifDropout?: number;
}

/** How a model is made, and where on the Hub its files are looked for. */
export type FromPretrainedOptions = ModelOptions & RevisionOptions;

const FILES = {
  required: ["config.json", [WEIGHTS_NAME, SHARD_INDEX_NAME]],
  further: shardNames,
} as const;

/** DistilBERT with a classification head (transformers' class of the same name); the parameters live in TensorFlow. */
export class DistilBertForSequenceClassification {
  readonly #forward: RecordedFunction<TokenLayout>;

  private constructor(
    readonly config: DistilBertConfig,
    /** Parameters by transformers' names. */
    readonly variables: Map<string, ResourceVariable>,
    /** Parameters that the folder did not have: they begin at random and mean nothing before training. */
    readonly newlyInitialized: string[],
  ) {
    this.#forward = new RecordedFunction({
      label: "forward pass",
      resources: [...variables.values()].map(({ handle }) => handle),
      body: (layout) => [distilBertLogits({ config, parameters: this.readParameters(), layout })],
    });
  }

  /**
   * Reads a model: a folder, or a name on the Hub, whose files are pulled into the cache that Python shares.
   *
   * @throws ModelError or ArgumentError as {@link DistilBertForSequenceClassification.fromFolder}
   * @throws HubError if the Hub has no such model or it lacks a file, or cannot be reached and the cache has no copy
   */
  static async fromPretrained(
    nameOrFolder: string,
    options: FromPretrainedOptions = {},
  ): Promise<DistilBertForSequenceClassification> {
    return this.fromFolder(await pretrainedFolder(nameOrFolder, FILES, options), options);
  }

  /**
   * Reads a folder that transformers or {@link DistilBertForSequenceClassification.savePretrained} wrote.
   *
   * @throws ModelError if the folder is incomplete, of another architecture, or its shapes do not fit its config
   * @throws ArgumentError for a dropout rate that is none
   */
  static fromFolder(folder: string, options: ModelOptions = {}): DistilBertForSequenceClassification {
    const stored = readConfig(folder);
    const id2label = options.id2label ?? stored.id2label;
    const config = { ...stored, id2label, label2id: label2idOf(id2label), ...dropoutRates(options) };
    const { file, tensors } = readWeights(folder);
    const [problem] = labelNameProblems(id2label, classifierOutputs(tensors));
    if (problem)
      throw new ModelError(
        `${shownPath(file)} does not fit its label names. ${problem} Mend its config.json.`,
      );
    const random = seededRandom(options.seed ?? 0);
    const variables = new Map<string, ResourceVariable>();
    const newlyInitialized: string[] = [];
    try {
      for (const [name, shape] of parameterShapes(config)) {
        const isNew = !tensors.has(name);
        if (isNew) newlyInitialized.push(name);
        const values = tensors.get(name) ?? newHeadTensor({ name, shape, config, random, file });
        checkShape({ file, name, found: values.shape, expected: shape });
        variables.set(name, makeVariable(name, values));
      }
    } catch (error) {
      for (const variable of variables.values()) variable.dispose();
      throw error;
    }
    return new DistilBertForSequenceClassification(config, variables, newlyInitialized);
  }

  /** Names of the labels by id. */
  get id2label(): Record<number, string> {
    return this.config.id2label;
  }

  /** Number of parameters. */
  get numParameters(): number {
    const sizes = [...this.variables.values()].map(({ shape }) =>
      shape.reduce((product, size) => product * size, 1),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Logits `[batch, labels]` in evaluation, without dropout; the caller frees them.
   *
   * @throws ArgumentError for a text longer than the model's positions, or a token outside its vocabulary
   */
  logits(batch: Batch): Tensor {
    return tf.tidy(() => this.#forward.call(tokenLayout(batch, this.config))[0] as Tensor);
  }

  /** The parameters' values now; the caller frees them. */
  readParameters(): Parameters {
    return Object.fromEntries([...this.variables].map(([name, variable]) => [name, variable.read()]));
  }

  /**
   * Writes config.json and model.safetensors (or its shards), which transformers loads unchanged.
   *
   * @throws ArgumentError for a `maxShardSize` that is none
   */
  savePretrained(folder: string, options: SaveOptions = {}): void {
    const tensors = new Map<string, HostTensor>();
    for (const [name, variable] of this.variables) {
      const values = variable.read();
      tensors.set(name, { shape: variable.shape, data: values.dataSync<"float32">() });
      values.dispose();
    }
    writeWeights(folder, tensors, options);
    writeConfig(folder, this.config, "DistilBertForSequenceClassification");
  }

  /**
   * Replaces the parameters by those of a folder that was saved from this model.
   *
   * @throws ModelError if they do not fit; the model stays as it was
   */
  loadWeights(folder: string): void {
    const { file, tensors } = readWeights(folder);
    // all are checked before the first is replaced
    const loaded = [...this.variables].map(([name, variable]) => {
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

  /** Frees the parameters; the model must not be used afterwards. */
  dispose(): void {
    this.#forward.dispose();
    for (const variable of this.variables.values()) variable.dispose();
    this.variables.clear();
  }
}

/** The dropout rates that are given. */
function dropoutRates(options: ModelOptions): Partial<DistilBertConfig> {
  const given = (["dropout", "attentionDropout", "seqClassifDropout"] as const).flatMap((name) => {
    const rate = options[name];
    if (rate !== undefined && !isDropoutRate(rate))
      throw new ArgumentError(`${name} is ${rate}; expected a number from 0 to below 1.`);
    return rate === undefined ? [] : [[name, rate] as const];
  });
  return Object.fromEntries(given);
}

function makeVariable(name: string, values: HostTensor): ResourceVariable {
  const initial = tf.tensor(values.data, values.shape);
  try {
    return new ResourceVariable(name, initial);
  } finally {
    initial.dispose();
  }
}

interface NewTensor {
  name: string;
  shape: number[];
  config: DistilBertConfig;
  random: Random;
  file: string;
}

/** A new head: weights normal, biases 0 (modeling_distilbert.py, `_init_weights`). */
function newHeadTensor({ name, shape, config, random, file }: NewTensor): HostTensor {
  if (!isHeadParameter(name))
    throw new ModelError(
      `${shownPath(file)} has no tensor ${name}; expected a DistilBERT encoder of ${config.nLayers} layers.`,
    );
  const count = shape.reduce((product, size) => product * size, 1);
  const isBias = name.endsWith(".bias");
  const data = isBias
    ? new Float32Array(count)
    : normalValues({ count, std: config.initializerRange, random });
  return { shape, data };
}

function checkShape(tensor: { file: string; name: string; found: number[]; expected: number[] }): void {
  const { file, name, found, expected } = tensor;
  if (found.length !== expected.length || found.some((size, axis) => size !== expected[axis]))
    throw new ModelError(
      `${shownPath(file)} has ${name} of shape [${found.join(", ")}]; its config and labels want [${expected.join(", ")}].`,
    );
}
