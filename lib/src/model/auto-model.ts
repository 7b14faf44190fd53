import path from "node:path";
import { pretrainedFolder, type RevisionOptions } from "../hub/pretrained-folder";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { BertConfig } from "./bert-config";
import type { DistilBertConfig } from "./config";
import { parseConfigFile } from "./config-file";
import type { ClassifierOptions } from "./model-options";
import {
  BertForSequenceClassification,
  DistilBertForSequenceClassification,
  MODEL_FILES,
  type FromConfigOptions,
} from "./sequence-classification";
import type { SequenceClassificationModel } from "./sequence-classification-model";

/** The settings of an architecture that its `modelType` names; what is left out is as in the model of base size. */
export type ModelConfig =
  ({ modelType: "bert" } & Partial<BertConfig>) | ({ modelType: "distilbert" } & Partial<DistilBertConfig>);

const ARCHITECTURES = new Map<
  unknown,
  typeof BertForSequenceClassification | typeof DistilBertForSequenceClassification
>([
  ["bert", BertForSequenceClassification],
  ["distilbert", DistilBertForSequenceClassification],
]);

/** Reads or makes a model of the architecture that its config names (transformers' class of the same name). */
export const AutoModelForSequenceClassification = {
  /**
   * Reads a folder, or a name on the Hub, whose files are pulled into the cache that Python shares.
   *
   * @throws ModelError or HubError as the architecture's own `fromPretrained`, or for an architecture that lib does not have
   */
  async fromPretrained(
    nameOrFolder: string,
    options: ClassifierOptions & RevisionOptions = {},
  ): Promise<SequenceClassificationModel> {
    return this.fromFolder(await pretrainedFolder(nameOrFolder, MODEL_FILES, options), options);
  },

  /**
   * Reads a folder that transformers or {@link SequenceClassificationModel.savePretrained} wrote.
   *
   * @throws ModelError as the architecture's own `fromFolder`, or for an architecture that lib does not have
   */
  fromFolder(folder: string, options: ClassifierOptions = {}): SequenceClassificationModel {
    const file = path.join(folder, "config.json");
    const { model_type: type } = parseConfigFile(file);
    const architecture = ARCHITECTURES.get(type);
    if (!architecture)
      throw new ModelError(
        `${shownPath(file)} describes a ${JSON.stringify(type)} model; expected model_type ${known()}.`,
      );
    return architecture.fromFolder(folder, options);
  },

  /**
   * Makes a model with random weights, which means nothing before training: for tests, and to measure what does not depend
   * on them, such as speed.
   *
   * @throws ModelError as the architecture's own `fromConfig`, or for an architecture that lib does not have
   */
  fromConfig(
    { modelType, ...config }: ModelConfig,
    options: FromConfigOptions = {},
  ): SequenceClassificationModel {
    const architecture = ARCHITECTURES.get(modelType);
    if (!architecture)
      throw new ModelError(`The config describes a "${modelType}" model; expected ${known()}.`);
    return architecture.fromConfig(config, options);
  },
};

/** The architectures that lib has, for errors. */
function known(): string {
  return [...ARCHITECTURES.keys()].map((name) => JSON.stringify(name)).join(" or ");
}
