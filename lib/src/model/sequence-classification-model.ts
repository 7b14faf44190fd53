import { RecordedFunction } from "../recording/recorded-function";
import type { ResourceVariable } from "../runtime/resource-variable";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { Batch } from "../tokenization/collator";
import type { ClassifierConfig } from "./config-file";
import type { Dropout } from "./dropout";
import type { Precision } from "./precision";
import type { Parameters } from "./parameters";
import { replaceWeights, type PretrainedWeights } from "./pretrained-weights";
import type { HostTensor } from "./safetensors";
import { writeWeights, type SaveOptions } from "./weights";
import type { LayoutOptions, TokenLayout } from "./token-layout";

/** The inputs of one forward pass. */
export interface ForwardInputs {
  /** Values of all parameters. */
  parameters: Parameters;
  /** A batch as the model's own `layout` lays it out. */
  layout: TokenLayout;
  /** Given in training only. */
  dropout?: Dropout | undefined;
  /** Of the layers' matrix products; float32 where nothing is said. */
  precision?: Precision | undefined;
  /** Whether the backward pass computes layers again rather than keep what is in between. */
  gradientCheckpointing?: boolean | undefined;
}

/** An encoder with a classification head, of whatever architecture; the parameters live in TensorFlow. */
export abstract class SequenceClassificationModel {
  /** The settings, as config.json has them; `maxPositionEmbeddings` are the tokens of a text that it reads at most. */
  abstract readonly config: Readonly<ClassifierConfig & { maxPositionEmbeddings: number }>;
  /** Parameters by transformers' names. */
  readonly variables: Map<string, ResourceVariable>;
  /** Parameters that the folder did not have: they begin at random and mean nothing before training. */
  readonly newlyInitialized: string[];
  readonly #forward: RecordedFunction<TokenLayout>;

  protected constructor({ variables, newlyInitialized }: PretrainedWeights) {
    this.variables = variables;
    this.newlyInitialized = newlyInitialized;
    this.#forward = new RecordedFunction({
      label: "forward pass",
      resources: [...variables.values()].map(({ handle }) => handle),
      body: (layout) => [this.forward(this.rowWise(layout))],
    });
  }

  /**
   * A batch as {@link SequenceClassificationModel.forward} takes it; the caller frees the tensors.
   *
   * @throws ArgumentError for a text longer than the model's positions, or a token outside its vocabulary
   */
  abstract layout(batch: Batch, options?: LayoutOptions): TokenLayout;

  /** Logits `[batch, labels]`: pure, so that a training step can differentiate it by the parameters, and record it. */
  abstract forward(inputs: ForwardInputs): Tensor;

  /** The settings of a folder that was saved from a model of this architecture. */
  abstract readConfig(folder: string): ClassifierConfig;

  /** Writes config.json as transformers reads it, whole or not at all. */
  protected abstract writeConfig(folder: string): void;

  /** The name of the word embeddings. */
  abstract readonly wordTable: string;

  /** Names of the labels by id. */
  get id2label(): Record<number, string> {
    return this.config.id2label;
  }

  /** Batches that ran operation by operation, to be recorded: as long as it grows, predictions are slow. */
  get recordedCount(): number {
    return this.#forward.recordedCount;
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
    return tf.tidy(() => this.#forward.call(this.layout(batch))[0] as Tensor);
  }

  /** The parameters' values now; the caller frees them. */
  readParameters(): Parameters {
    return Object.fromEntries([...this.variables].map(([name, variable]) => [name, variable.read()]));
  }

  /**
   * The inputs of a forward pass that takes, of the word embeddings, the rows of the batch's words alone: the table is most of
   * a small model, and a batch has few of its words. The caller frees the parameters.
   */
  rowWise<Layout extends TokenLayout>(layout: Layout): { parameters: Parameters; layout: Layout } {
    const parameters = Object.fromEntries(
      [...this.variables].map(([name, variable]) => [
        name,
        name === this.wordTable ? variable.readRows(layout.words) : variable.read(),
      ]),
    );
    return { parameters, layout: { ...layout, ids: layout.wordRows } };
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
    this.writeConfig(folder);
  }

  /**
   * Replaces the parameters by those of a folder that was saved from this model.
   *
   * @throws ModelError if they do not fit; the model stays as it was
   */
  loadWeights(folder: string): void {
    replaceWeights(this.variables, folder);
  }

  /** Frees the parameters; the model must not be used afterwards. */
  dispose(): void {
    this.#forward.dispose();
    for (const variable of this.variables.values()) variable.dispose();
    this.variables.clear();
  }
}
