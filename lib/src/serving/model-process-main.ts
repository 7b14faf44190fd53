import "./outlive-signals";
import { readFileSync } from "node:fs";
import path from "node:path";
import { predictLogits } from "../evaluation/predict";
import { pretrainedFolder } from "../hub/pretrained-folder";
import { AutoModelForSequenceClassification } from "../model/auto-model";
import { MODEL_FILES } from "../model/sequence-classification";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { ArgumentError, LibError, ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { LoadedModel, ModelOrder, ModelReply, PassOrder } from "./model-messages";

/** What a model may have beside its weights, as far as the server reads it. */
const OPTIONAL_FILES = ["tokenizer.json", "tokenizer_config.json"];
/** Texts and tokens of passes that are rehearsed: a graph is recorded, which takes longer, until it came with two sizes. */
const REHEARSAL = [[1, 8], [1, 12], [2, 16], [4, 24], [8, 16]] as const; // prettier-ignore

/** The program of a model's process: loads the model that it was told of, then answers passes, one at a time. */
async function main(order: ModelOrder): Promise<void> {
  const { model, loaded } = await load(order);
  await rehearse(model);
  process.on("message", (pass: PassOrder) => {
    void answer(model, pass).then((found) => {
      reply(found);
    });
  });
  reply({ kind: "loaded", model: loaded });
}

async function load(order: ModelOrder): Promise<{ model: SequenceClassificationModel; loaded: LoadedModel }> {
  const revision = order.revision === undefined ? {} : { revision: order.revision };
  const files = { ...MODEL_FILES, optional: OPTIONAL_FILES };
  const folder = await pretrainedFolder(order.model, files, revision);
  const model = AutoModelForSequenceClassification.fromFolder(folder);
  if (model.newlyInitialized.length > 0)
    throw new ModelError(
      `${shownPath(folder)} lacks ${model.newlyInitialized.join(", ")}; expected a classifier that was trained, not an encoder alone.`,
    );
  const positions = Math.min(model.config.maxPositionEmbeddings, tokenizerLimit(folder));
  const { maxLength = positions } = order;
  if (!Number.isInteger(maxLength) || maxLength < 3 || maxLength > positions)
    throw new ArgumentError(
      `maxLength is ${maxLength}; expected a whole number from 3 to ${positions}, the tokens that the model reads.`,
    );
  const names = Object.entries(model.id2label).sort(([left], [right]) => Number(left) - Number(right));
  return { model, loaded: { folder, labels: names.map(([, name]) => name), maxLength } };
}

/** `model_max_length` of the tokenizer, which may be less than the model has positions; a number beyond all where it says none. */
function tokenizerLimit(folder: string): number {
  try {
    const config = JSON.parse(readFileSync(path.join(folder, "tokenizer_config.json"), "utf8")) as object;
    const { model_max_length: limit } = config as { model_max_length?: unknown };
    return typeof limit === "number" && limit >= 3 ? limit : Infinity;
  } catch {
    // whoever reads the tokenizer says what is wrong with it
    return Infinity;
  }
}

async function rehearse(model: SequenceClassificationModel): Promise<void> {
  const { maxPositionEmbeddings: positions } = model.config;
  const [vocabSize = 1] = model.variables.get(model.wordTable)?.shape ?? [];
  for (const [texts, length] of REHEARSAL) {
    const ids = Array.from({ length: Math.min(length, positions) }, (_, at) => at % vocabSize);
    const features = Array.from({ length: texts }, (_, row) => ({ inputIds: ids.slice(0, length - row) }));
    await predictLogits({ model, features, padTokenId: 0, batchSize: texts });
  }
}

async function answer(model: SequenceClassificationModel, pass: PassOrder): Promise<ModelReply> {
  const { inputIds, padTokenId } = pass;
  try {
    const features = inputIds.map((ids) => ({ inputIds: ids }));
    // as one pass: the server has chosen what goes together
    const logits = await predictLogits({ model, features, padTokenId, batchSize: features.length });
    return { kind: "logits", logits };
  } catch (error) {
    return { kind: "failed", message: (error as Error).message };
  }
}

function reply(message: ModelReply, sent: () => void = () => undefined): void {
  // the server may have ended meanwhile
  if (process.connected) process.send?.(message, sent);
}

main(JSON.parse(process.argv[2] ?? "{}") as ModelOrder).catch((error: unknown) => {
  const { message } = error as Error;
  const told = error instanceof LibError ? message : `The model cannot be loaded: ${message}`;
  reply({ kind: "unusable", message: told }, () => process.exit(0));
});
