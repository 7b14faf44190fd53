import { labelName } from "../../model/config-file";
import type { SequenceClassificationModel } from "../../model/sequence-classification-model";
import { ArgumentError } from "../../runtime/errors";
import { nearestName } from "../../runtime/nearest-name";
import type { Tokenizer } from "../../tokenization/tokenizer";
import { argmax } from "../predict";

/** Which text is explained, and by which model. */
export interface ExplainParams {
  model: SequenceClassificationModel;
  tokenizer: Tokenizer;
  text: string;
  /** The label that is explained; the one that the model gives the text where nothing is said. */
  label?: string;
  /** Tokens of the text that the model reads; as many as it can where nothing is said. */
  maxLength?: number;
}

/**
 * The output that is explained.
 *
 * @throws ArgumentError for a label that the model does not have
 */
export function explainedLabel(
  label: string | undefined,
  logits: readonly number[],
  id2label: Readonly<Record<number, string>>,
): { id: number; label: string } {
  const names = logits.map((_, id) => labelName(id2label, id));
  const id = label === undefined ? argmax(logits) : names.indexOf(label);
  const name = names[id];
  if (name === undefined)
    throw new ArgumentError(
      `The model has no label ${JSON.stringify(label)}; the nearest is ${JSON.stringify(nearestName(label ?? "", names) ?? "")}. It has ${names.join(", ")}.`,
    );
  return { id, label: name };
}

/**
 * Tokens that the model reads.
 *
 * @throws ArgumentError for a length that is none, or longer than the model reads
 */
export function lengthRead({ model, maxLength }: ExplainParams): number {
  const most = model.config.maxPositionEmbeddings;
  if (maxLength === undefined) return most;
  if (!Number.isInteger(maxLength) || maxLength < 3 || maxLength > most)
    throw new ArgumentError(
      `maxLength is ${maxLength}; expected a whole number from 3 to the model's ${most}.`,
    );
  return maxLength;
}
