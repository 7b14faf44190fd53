import path from "node:path";
import { label2idOf } from "../../../lib/src/model/config-file";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { writeTinyModel } from "../tiny-model";

/** A model of three labels that loads at once, with the packaged tokenizer. */
export function writeTinyClassifier(folder: string): string {
  const id2label = { 0: "NEGATIVE", 1: "NEUTRAL", 2: "POSITIVE" };
  const config = { vocabSize: 30_522, maxPositionEmbeddings: 64, id2label, label2id: label2idOf(id2label) };
  writeTinyModel(folder, { config });
  Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder")).savePretrained(folder);
  return folder;
}
