import type { TokenWeight, TokenWeights } from "./token-weights";

/** Words change a label's probability by less than this, a share of 1: then the label has little to do with them. */
const LITTLE = 0.1;
/** As many words as a title names. */
const MOST_NAMED = 3;
/** Half of the weight, less what adding up shares may lose. */
const HALF = 0.5 - 1e-9;
/** Characters of a word that are shown. */
const LONGEST = 24;

/** What weights say, in a sentence. */
export function weightFinding(weights: TokenWeights): string {
  const { label, probability, predicted, withoutWords, tokens, replacedBy } = weights;
  const forIt = weights.strongest.filter(({ weight }) => weight > 0).slice(0, MOST_NAMED);
  const strongest = forIt[0];
  const what = `${label} (${score(probability)})`;
  if (label !== predicted.label)
    return `The model says ${predicted.label}, not ${what}; ${strongest ? `most for ${label} speaks ${quoted(strongest)}` : `no word speaks for ${label}`}`;
  // with three labels and more it need not be the strongest word, nor one that speaks for the label
  const turning = weights.strongest.find(({ without }) => without && without.label !== label);
  if (turning?.without)
    return `${what} hangs on ${quoted(turning)}: ${replacedBy ? "with it masked" : "without it"} the model says ${turning.without.label} (${score(turning.without.score)})`;
  if (withoutWords.label === label && Math.abs(probability - withoutWords.probability) < LITTLE)
    return `${what} has little to do with the words: ${replacedBy ? "with all masked" : "without any"} it is ${label} too (${score(withoutWords.probability)})`;
  if (!strongest) return `${what} although no word speaks for it`;
  if (weights.method === "leave-one-out") {
    const word = replacedBy ? `with ${quoted(strongest)} masked` : `without ${quoted(strongest)}`;
    return `${what} hangs on no single word: ${word}, which counts most, it is still ${score(strongest.without?.score ?? NaN)}`;
  }
  return tokens.length === 1
    ? `${what} because of ${quoted(strongest)}`
    : sharesFinding(weights, forIt, what);
}

/**
 * As few words as carry half of the weight, or the strongest where more would be needed than a title names. Where all words for the
 * label together carry less than half, the words speak against it: something else than words decides.
 */
function sharesFinding(weights: TokenWeights, forIt: TokenWeight[], what: string): string {
  const all = weights.tokens.reduce((sum, token) => sum + (token.weight > 0 ? weights.share(token) : 0), 0);
  if (all < HALF)
    return `${what} although its words together speak against it; most for it speaks ${forIt.slice(0, 1).map(quoted).join("")}`;
  const shares = forIt.map((token) => weights.share(token));
  let sum = 0;
  const enough = shares.findIndex((share) => (sum += share) >= HALF);
  const named = forIt.map(quoted);
  const carried = `${percent(sum)} of the weight`;
  if (enough < 0) return `${what} because of many words: the strongest, ${listed(named)}, have ${carried}`;
  return `${what} because of ${listed(named.slice(0, enough + 1))}: ${enough > 0 ? "together " : ""}${carried}`;
}

/** A token without the punctuation around, in quotation marks. */
export function quoted({ text }: TokenWeight): string {
  const bare = text.replace(/^[^\p{L}\p{N}#]+|[^\p{L}\p{N}]+$/gu, "") || text;
  return `\u201c${cutToLength(bare)}\u201d`;
}

/** As much of a word as a line of a table, or a title, has room for. */
export function cutToLength(word: string): string {
  const characters = Array.from(word);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : word;
}

function listed(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

function score(probability: number): string {
  return probability.toFixed(3);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
