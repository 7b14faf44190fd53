import { pretrainedFolder, type RevisionOptions } from "../hub/pretrained-folder";
import type { Tensor } from "../runtime/tensor";
import type { Batch } from "../tokenization/collator";
import { bertLayout, bertLogits, type BertLayout } from "./bert";
import { readBertConfig, wholeBertConfig, writeBertConfig, type BertConfig } from "./bert-config";
import { readConfig, wholeConfig, writeConfig, type DistilBertConfig } from "./config";
import { distilBertLogits } from "./distilbert";
import { withOptions, type BertModelOptions, type ModelOptions } from "./model-options";
import { bertParameterShapes, parameterShapes } from "./parameter-shapes";
import { readPretrainedWeights, type PretrainedWeights } from "./pretrained-weights";
import { randomWeights } from "./random-weights";
import { SequenceClassificationModel, type ForwardInputs } from "./sequence-classification-model";
import { SHARD_INDEX_NAME } from "./shard-index";
import { tokenLayout, type LayoutOptions, type TokenLayout } from "./token-layout";
import { shardNames, WEIGHTS_NAME } from "./weights";

/** How a DistilBERT is made, and where on the Hub its files are looked for. */
export type FromPretrainedOptions = ModelOptions & RevisionOptions;

/** How a model that was never trained is made. */
export interface FromConfigOptions {
  /** Seed of its random weights; 0 where nothing is said. */
  seed?: number;
}

const WORD_TABLE = {
  bert: "bert.embeddings.word_embeddings.weight",
  distilbert: "distilbert.embeddings.word_embeddings.weight",
} as const;

/** The files of a model of any architecture. */
export const MODEL_FILES = {
  required: ["config.json", [WEIGHTS_NAME, SHARD_INDEX_NAME]],
  further: shardNames,
} as const;

/** DistilBERT with a classification head (transformers' class of the same name). */
export class DistilBertForSequenceClassification extends SequenceClassificationModel {
  private constructor(
    override readonly config: DistilBertConfig,
    weights: PretrainedWeights,
  ) {
    super(weights);
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
    return this.fromFolder(await pretrainedFolder(nameOrFolder, MODEL_FILES, options), options);
  }

  /**
   * Reads a folder that transformers or {@link SequenceClassificationModel.savePretrained} wrote.
   *
   * @throws ModelError if the folder is incomplete, of another architecture, its shapes do not fit its config, or it has
   *   one label alone
   * @throws ArgumentError for a dropout rate that is none
   */
  static fromFolder(folder: string, options: ModelOptions = {}): DistilBertForSequenceClassification {
    const rates = ["dropout", "attentionDropout", "seqClassifDropout"] as const;
    const config = withOptions(readConfig(folder), options, rates);
    const { id2label, initializerRange, nLayers } = config;
    const weights = readPretrainedWeights({
      ...{ folder, id2label, initializerRange, seed: options.seed },
      shapes: parameterShapes(config),
      baseModelPrefix: "distilbert",
      expected: `a DistilBERT encoder of ${nLayers} layers`,
    });
    return new DistilBertForSequenceClassification(config, weights);
  }

  /**
   * Makes a model with random weights, which means nothing before training.
   *
   * @param config what differs from distilbert-base-uncased
   * @throws ModelError for a setting that is none, or one label alone
   */
  static fromConfig(
    config: Partial<DistilBertConfig> = {},
    { seed }: FromConfigOptions = {},
  ): DistilBertForSequenceClassification {
    const whole = withOptions(wholeConfig(config), {}, []);
    const { initializerRange, padTokenId } = whole;
    const weights = randomWeights({
      ...{ shapes: parameterShapes(whole), wordTable: WORD_TABLE.distilbert },
      ...{ initializerRange, padTokenId, seed },
    });
    return new DistilBertForSequenceClassification(whole, weights);
  }

  override layout(batch: Batch, options?: LayoutOptions): TokenLayout {
    return tokenLayout(batch, this.config, options);
  }

  override readonly wordTable = WORD_TABLE.distilbert;

  override forward(inputs: ForwardInputs): Tensor {
    return distilBertLogits({ ...inputs, config: this.config });
  }

  override readConfig(folder: string): DistilBertConfig {
    return readConfig(folder);
  }

  protected override writeConfig(folder: string): void {
    writeConfig(folder, this.config, "DistilBertForSequenceClassification");
  }
}

/** BERT with a classification head (transformers' class of the same name). */
export class BertForSequenceClassification extends SequenceClassificationModel {
  private constructor(
    override readonly config: BertConfig,
    weights: PretrainedWeights,
  ) {
    super(weights);
  }

  /**
   * Reads a model: a folder, or a name on the Hub, whose files are pulled into the cache that Python shares.
   *
   * @throws ModelError or ArgumentError as {@link BertForSequenceClassification.fromFolder}
   * @throws HubError if the Hub has no such model or it lacks a file, or cannot be reached and the cache has no copy
   */
  static async fromPretrained(
    nameOrFolder: string,
    options: BertModelOptions & RevisionOptions = {},
  ): Promise<BertForSequenceClassification> {
    return this.fromFolder(await pretrainedFolder(nameOrFolder, MODEL_FILES, options), options);
  }

  /**
   * Reads a folder that transformers or {@link SequenceClassificationModel.savePretrained} wrote: a classifier, or an encoder
   * with or without a pooler.
   *
   * @throws ModelError if the folder is incomplete, of another architecture, its shapes do not fit its config, or it has
   *   one label alone
   * @throws ArgumentError for a dropout rate that is none
   */
  static fromFolder(folder: string, options: BertModelOptions = {}): BertForSequenceClassification {
    const rates = ["hiddenDropoutProb", "attentionProbsDropoutProb", "classifierDropout"] as const;
    const config = withOptions(readBertConfig(folder), options, rates);
    const { id2label, initializerRange, numHiddenLayers } = config;
    const weights = readPretrainedWeights({
      ...{ folder, id2label, initializerRange, seed: options.seed },
      shapes: bertParameterShapes(config),
      baseModelPrefix: "bert",
      expected: `a BERT encoder of ${numHiddenLayers} layers`,
    });
    return new BertForSequenceClassification(config, weights);
  }

  /**
   * Makes a model with random weights, which means nothing before training.
   *
   * @param config what differs from bert-base-uncased
   * @throws ModelError for a setting that is none, or one label alone
   */
  static fromConfig(
    config: Partial<BertConfig> = {},
    { seed }: FromConfigOptions = {},
  ): BertForSequenceClassification {
    const whole = withOptions(wholeBertConfig(config), {}, []);
    const { initializerRange, padTokenId } = whole;
    const weights = randomWeights({
      ...{ shapes: bertParameterShapes(whole), wordTable: WORD_TABLE.bert },
      ...{ initializerRange, padTokenId, seed },
    });
    return new BertForSequenceClassification(whole, weights);
  }

  override layout(batch: Batch, options?: LayoutOptions): BertLayout {
    return bertLayout(batch, this.config, options);
  }

  override readonly wordTable = WORD_TABLE.bert;

  // the layout is what this model's own `layout` returned
  override forward(inputs: ForwardInputs & { layout: BertLayout }): Tensor {
    return bertLogits({ ...inputs, config: this.config });
  }

  override readConfig(folder: string): BertConfig {
    return readBertConfig(folder);
  }

  protected override writeConfig(folder: string): void {
    writeBertConfig(folder, this.config, "BertForSequenceClassification");
  }
}
