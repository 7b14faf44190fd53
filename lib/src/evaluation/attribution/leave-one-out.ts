import { labelScore } from "../pipeline";
import { predictLogits, softmax } from "../predict";
import { explainedLabel, lengthRead, type ExplainParams } from "./explained-label";
import { readWords, without } from "./read-words";
import { TokenWeights } from "./token-weights";

/** What {@link leaveOneOut} explains, and how. */
export interface LeaveOneOutParams extends ExplainParams {
  /** What stands in a word's place; where nothing is said, nothing does. */
  replaceBy?: "[MASK]";
}

/** Tokens of a forward pass: a reader who interrupts a long text does not wait for 64 of its like. */
const TOKENS_OF_A_PASS = 4_096;

/**
 * By how much the label's probability falls without each word: the model is asked once more for every word. So does the page of a Space
 * (space/page/word-weights.mjs), which leaves out neighbours together in a long text, as it runs in a browser.
 *
 * @throws ArgumentError for a text without words, or a label that the model does not have
 * @throws InterruptedError when the reader stops it
 */
export async function leaveOneOut(params: LeaveOneOutParams): Promise<TokenWeights> {
  const { model, tokenizer, replaceBy } = params;
  const maxLength = lengthRead(params);
  const { text, words, unread } = readWords({ ...params, maxLength });
  const withoutEach = words.map((word) =>
    replaceBy ? text.slice(0, word.start) + replaceBy + text.slice(word.end) : without(text, word),
  );
  const withoutAll = replaceBy ? words.map(() => replaceBy).join(" ") : "";
  const features = [text, withoutAll, ...withoutEach].map((each) => tokenizer.encode(each, { maxLength }));
  const length = Math.max(...features.map(({ inputIds }) => inputIds.length));
  const [logits = [], noWords = [], ...others] = await predictLogits({
    ...{ model, features, padTokenId: tokenizer.padTokenId, label: "Leaving out words" },
    batchSize: Math.max(1, Math.floor(TOKENS_OF_A_PASS / length)),
  });
  const { id, label } = explainedLabel(params.label, logits, model.id2label);
  const probabilityOf = (some: number[]): number => softmax(some)[id] ?? NaN;
  const probability = probabilityOf(logits);
  return new TokenWeights({
    ...{ method: "leave-one-out", text, label, probability, unread },
    ...(replaceBy && { replacedBy: replaceBy }),
    tokens: words.map((word, at) => {
      const left = others[at] ?? [];
      const weight = probability - probabilityOf(left);
      return { text: word.text, weight, without: labelScore(left, model.id2label) };
    }),
    predicted: labelScore(logits, model.id2label),
    withoutWords: { ...labelScore(noWords, model.id2label), probability: probabilityOf(noWords) },
  });
}
