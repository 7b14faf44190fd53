import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { obviousCases } from "../data/obvious-cases";
import { readUtf8 } from "../data/read-text";
import { readModelCard } from "../hub/model-card";
import { pretrainedFolder, type RevisionOptions } from "../hub/pretrained-folder";
import { AutoModelForSequenceClassification } from "../model/auto-model";
import { MODEL_FILES } from "../model/sequence-classification";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { Tokenizer } from "../tokenization/tokenizer";
import { DEFAULT_MAX_LENGTH } from "./examination";
import { normalLabel } from "./label-alignment";
import type { Subject } from "./subject";
import { readStoredRun } from "./trained-run";

/** Where a model's tokenizer lies, and where on the Hub both are looked for. */
export interface ModelSubjectOptions extends RevisionOptions {
  /** Folder or name of the tokenizer, where it does not lie with the model. */
  tokenizer?: string;
}

/** What a model's folder gives to a diagnosis. */
export type ModelSubject = Required<Pick<Subject, "model" | "tokenizer" | "folder" | "maxLength">> &
  Pick<Subject, "run" | "args" | "card" | "cases">;

const CARD = "README.md";
/** What a model may have beside its weights, as far as a diagnosis reads it. */
const OPTIONAL_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "trainer_state.json",
  "training_args.json",
  CARD,
];

/**
 * Reads what there is of a model to diagnose: the model and its tokenizer, the log of its run in a checkpoint, the head of its
 * card, and for a model of NEGATIVE and POSITIVE the obvious cases.
 *
 * @param nameOrFolder - a folder, or a name on the Hub, whose files are pulled into the cache that Python shares
 * @throws ModelError if it is no classifier, has no tokenizer, or a file of it is damaged
 * @throws DataError if the head of its card is no YAML
 * @throws HubError if the Hub has no such model, or cannot be reached and the cache has no copy
 *
 * @example
 * const report = await diagnose({ ...(await modelSubject("out/checkpoint-400")), test });
 */
export async function modelSubject(
  nameOrFolder: string,
  options: ModelSubjectOptions = {},
): Promise<ModelSubject> {
  const { tokenizer: elsewhere, ...revision } = options;
  const folder = await pretrainedFolder(nameOrFolder, { ...MODEL_FILES, optional: OPTIONAL_FILES }, revision);
  expectModel(folder);
  // before the weights, of which there may be gigabytes
  const tokenizer = await tokenizerOf(folder, elsewhere, revision);
  const stored = readStoredRun(folder);
  const card = cardIn(folder);
  const model = AutoModelForSequenceClassification.fromFolder(folder);
  if (model.newlyInitialized.length > 0) {
    model.dispose();
    throw new ModelError(
      `${shownPath(folder)} lacks ${model.newlyInitialized.join(", ")}; expected a classifier that was trained, not an encoder alone.`,
    );
  }
  const cases = casesFor(model);
  const maxLength = Math.min(DEFAULT_MAX_LENGTH, model.config.maxPositionEmbeddings);
  const optional = { ...stored, ...(card && { card }), ...(cases && { cases }) };
  return { model, tokenizer, folder, maxLength, ...optional };
}

function expectModel(folder: string): void {
  if (existsSync(path.join(folder, "config.json"))) return;
  const checkpoints = readdirSync(folder).filter((name) => /^checkpoint-\d+$/.test(name));
  const found = checkpoints.length > 0 ? `; it holds ${checkpoints.sort().join(", ")}: name one of them` : "";
  throw new ModelError(
    `${shownPath(folder)} has no config.json; expected a model's folder, such as a checkpoint${found}.`,
  );
}

async function tokenizerOf(
  folder: string,
  elsewhere: string | undefined,
  options: RevisionOptions,
): Promise<Tokenizer> {
  // the revision is the model's
  if (elsewhere !== undefined) return Tokenizer.fromPretrained(elsewhere, { ...options, revision: "main" });
  if (!existsSync(path.join(folder, "tokenizer.json")))
    throw new ModelError(
      `${shownPath(folder)} has no tokenizer.json: save the tokenizer there, or name where it is (tokenizer, --tokenizer).`,
    );
  return Tokenizer.fromFolder(folder);
}

/** A README without a head is not a card. */
function cardIn(folder: string): Subject["card"] {
  const file = path.join(folder, CARD);
  if (!existsSync(file)) return undefined;
  const text = readUtf8(file, "Expected a model card.");
  return /^---\r?\n/.test(text) ? readModelCard(text).metadata : undefined;
}

/** They are of sentiment: of other labels they say nothing. */
function casesFor(model: SequenceClassificationModel): Subject["cases"] {
  const { first, afterTheFix } = obviousCases();
  const cases = [...first, ...afterTheFix];
  const names = new Set(Object.values(model.id2label).map(normalLabel));
  return cases.every(({ label }) => names.has(normalLabel(label))) ? cases : undefined;
}
