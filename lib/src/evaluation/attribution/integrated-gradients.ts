import { ArgumentError } from "../../runtime/errors";
import { labelScore } from "../pipeline";
import { predictLogits, softmax } from "../predict";
import { embeddingPath } from "./embedding-path";
import { explainedLabel, lengthRead, type ExplainParams } from "./explained-label";
import { readWords, type ReadWords } from "./read-words";
import { TokenWeights, type TokenWeight } from "./token-weights";

/** What {@link integratedGradients} explains, and how. */
export interface IntegratedGradientsParams extends ExplainParams {
  /** Points on the path from the baseline to the text; 50 where nothing is said, as in captum. */
  steps?: number;
  /** Whether word pieces are added up to words, what stands between blanks; true where nothing is said. */
  words?: boolean;
  /** What the words are replaced by where the path begins, `[CLS]` and `[SEP]` apart; `[PAD]` where nothing is said. */
  baseline?: "[PAD]" | "[MASK]";
}

/**
 * What each word adds to the label's logit against a text of padding, by integrated gradients (Sundararajan et al. 2017) over the word
 * embeddings, as captum computes them: see {@link embeddingPath}. All weights add up to what the text changes in the logit, but for
 * {@link TokenWeights.completeness}.delta.
 *
 * @throws ArgumentError for a text without words, a label that the model does not have, or steps below 1
 * @throws InterruptedError when the reader stops it
 */
export async function integratedGradients(params: IntegratedGradientsParams): Promise<TokenWeights> {
  const { model, tokenizer, steps = 50, words = true, baseline = "[PAD]" } = params;
  if (!Number.isInteger(steps) || steps < 1)
    throw new ArgumentError(`steps is ${steps}; expected a whole number above 0.`);
  const maxLength = lengthRead(params);
  const read = readWords({ ...params, maxLength });
  const { inputIds } = tokenizer.encode(read.text, { maxLength });
  const [blank = NaN] = tokenizer.convertTokensToIds([baseline]);
  const baselineIds = inputIds.map((id, at) => (at === 0 || at === inputIds.length - 1 ? id : blank));
  const features = [{ inputIds }, { inputIds: baselineIds }];
  const [logits = [], blankLogits = []] = await predictLogits({
    ...{ model, features, padTokenId: tokenizer.padTokenId },
  });
  const { id, label } = explainedLabel(params.label, logits, model.id2label);
  const path = await embeddingPath({ model, inputIds, baselineIds, target: id, steps });
  const [start = NaN, end = NaN] = [blankLogits[id], logits[id]];
  const sum = path.reduce((total, share) => total + share, 0);
  return new TokenWeights({
    method: "integrated gradients",
    text: read.text,
    tokens: weighedTokens(read, path.slice(1, -1), words),
    ...{ label, probability: softmax(logits)[id] ?? NaN, unread: read.unread },
    predicted: labelScore(logits, model.id2label),
    withoutWords: {
      ...labelScore(blankLogits, model.id2label),
      probability: softmax(blankLogits)[id] ?? NaN,
    },
    completeness: { steps, start, end, delta: sum - (end - start) },
  });
}

/** Weights of the word pieces in their order, or added up to words. */
function weighedTokens({ words, pieces }: ReadWords, path: number[], asWords: boolean): TokenWeight[] {
  const count = pieces.flat().length;
  if (count !== path.length)
    throw new ArgumentError(
      `The tokenizer makes ${path.length} tokens of the text and ${count} of its words one by one; expected one that reads each word by itself, such as BERT's.`,
    );
  if (!asWords) return pieces.flat().map((text, at) => ({ text, weight: path[at] ?? NaN }));
  let at = 0;
  return words.map(({ text }, index) => {
    const end = at + (pieces[index]?.length ?? 0);
    const weight = path.slice(at, end).reduce((sum, share) => sum + share, 0);
    at = end;
    return { text, weight };
  });
}
