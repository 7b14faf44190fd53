import { ArgumentError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { labelName } from "../model/config-file";
import type { SequenceClassificationModel } from "../model/sequence-classification-model";
import type { Tokenizer } from "../tokenization/tokenizer";
import { argmax, predictLogits, softmax } from "./predict";

/** A label and how sure the model is of it, as transformers' pipeline returns them. */
export interface LabelScore {
  label: string;
  /** Probability of the label, 0 to 1. */
  score: number;
}

/** One text with the probability of every label. */
export interface ClassifiedText extends LabelScore {
  text: string;
  /** Probability by label. */
  scores: Record<string, number>;
}

/** What a pipeline said of some texts, as a table. */
export class Classifications extends Presentable {
  constructor(readonly texts: ClassifiedText[]) {
    super();
  }

  override present(): TableSpec {
    return {
      kind: "table",
      columns: ["text", "label", "score"],
      rows: this.texts.map(({ text, label, score }) => [text, label, score]),
      format: { score: 3 },
    };
  }
}

/** Classifies texts. */
export type TextClassificationPipeline = (texts: string[]) => Promise<Classifications>;

/** What a pipeline is made of. */
export interface PipelineParams {
  model: SequenceClassificationModel;
  tokenizer: Tokenizer;
  /** Tokens of a text that the model reads; 128 where nothing is said. */
  maxLength?: number;
  /** Texts a forward pass; as many as {@link predictLogits} takes where nothing is said. */
  batchSize?: number;
}

/**
 * Makes a function that classifies texts with a model, as transformers' `pipeline("text-classification")`.
 *
 * @throws ArgumentError for another task
 * @throws InterruptedError (the function) when the reader stops it
 */
export function pipeline(task: "text-classification", params: PipelineParams): TextClassificationPipeline {
  // a notebook may hold a task from elsewhere
  if ((task as string) !== "text-classification")
    throw new ArgumentError(`The task is ${JSON.stringify(task)}; expected "text-classification".`);
  const { model, tokenizer, maxLength = 128, batchSize } = params;
  return async (texts) => {
    const features = await tokenizer.encodeBatch(texts, { maxLength });
    const logits = await predictLogits({
      ...{ model, features, padTokenId: tokenizer.padTokenId, label: "Classifying" },
      ...(batchSize === undefined ? {} : { batchSize }),
    });
    return new Classifications(
      texts.map((text, index) => classified(text, logits[index] ?? [], model.id2label)),
    );
  };
}

function classified(text: string, logits: number[], id2label: Record<number, string>): ClassifiedText {
  const probabilities = softmax(logits);
  const scores = Object.fromEntries(probabilities.map((score, id) => [labelName(id2label, id), score]));
  return { text, ...likeliest(probabilities, id2label), scores };
}

/** The label of logits and its probability. */
export function labelScore(
  logits: readonly number[],
  id2label: Readonly<Record<number, string>>,
): LabelScore {
  return likeliest(softmax(logits), id2label);
}

function likeliest(probabilities: readonly number[], id2label: Readonly<Record<number, string>>): LabelScore {
  const best = argmax(probabilities);
  return { label: labelName(id2label, best), score: probabilities[best] ?? NaN };
}
