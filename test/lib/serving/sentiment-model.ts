import { existsSync } from "node:fs";
import path from "node:path";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";

/** The packaged encoder with a head of random weights, named NEGATIVE and POSITIVE, and its tokenizer; made at the first call. */
export function writeSentimentModel(folder: string): string {
  if (existsSync(path.join(folder, "vocab.txt"))) return folder;
  const encoder = path.join(DOWNLOADS, "encoder");
  const model = DistilBertForSequenceClassification.fromFolder(encoder, {
    id2label: { 0: "NEGATIVE", 1: "POSITIVE" },
    seed: 1,
  });
  model.savePretrained(folder);
  model.dispose();
  Tokenizer.fromFolder(encoder).savePretrained(folder);
  return folder;
}
