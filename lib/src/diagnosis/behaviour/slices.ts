import type { ReviewSet } from "../../data/review-set";
import type { Classifier } from "../examination";

/** A part of a set by what its texts are like. */
export interface Slice {
  /** Such as `with a number`. */
  readonly name: string;
  /** Whether each row belongs to it. */
  readonly members: readonly boolean[];
}

/** In characters: what is counted of a text is counted in its beginning, and a text of a million is not read whole. */
const MOST_READ = 20_000;

const PATTERNS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["with a negation", /\b(?:not|no|never|nothing|nobody|none|neither|nor|cannot|without)\b|n['’]t\b/iu],
  ["with a number", /\p{N}/u],
  ["with a word in capitals", /(?<![\p{L}\p{N}])\p{Lu}{3,}(?![\p{L}\p{N}])/u],
  ["with a question mark", /\?/u],
  ["with HTML", /<\/?[a-z][^<>]{0,200}>|&(?:[a-z]{2,8}|#\d{1,6});/iu],
];

/** The slices of a set: by label, by length, by what stands in the texts, and by how rare their words are. */
export async function slicesOf(set: ReviewSet, { tokenizer, maxLength }: Classifier): Promise<Slice[]> {
  const texts = set.texts.map((text) => text.slice(0, MOST_READ));
  const words = texts.map((text) => text.split(/\s+/u).filter((word) => word !== "").length);
  const encodings = await tokenizer.encodeBatch(texts, { maxLength });
  const pieces = encodings.map(
    ({ inputIds, truncated }, index) => (inputIds.length - 2 + truncated) / Math.max(1, words[index] ?? 0),
  );
  const labels = Object.entries(set.id2label).map(([id, name]) => ({
    name: `labelled ${name}`,
    members: set.labels.map((label) => label === Number(id)),
  }));
  const matching = PATTERNS.map(([name, pattern]) => ({
    name,
    members: texts.map((text) => pattern.test(text)),
  }));
  return [...labels, ...lengthQuarters(words), ...matching, rarestQuarter(pieces)];
}

function lengthQuarters(words: readonly number[]): Slice[] {
  const ascending = [...words].sort((left, right) => left - right);
  const cut = (share: number): number => ascending[Math.floor(share * (ascending.length - 1))] ?? 0;
  const cuts = [0.25, 0.5, 0.75].map(cut);
  const [first = 0, second = 0, third = 0] = cuts;
  const quarter = (name: string, holds: (count: number) => boolean) => ({ name, members: words.map(holds) });
  return [
    quarter(`up to ${first} words`, (count) => count <= first),
    quarter(`${first + 1} to ${second} words`, (count) => count > first && count <= second),
    quarter(`${second + 1} to ${third} words`, (count) => count > second && count <= third),
    quarter(`more than ${third} words`, (count) => count > third),
  ].filter(({ members }) => members.includes(true));
}

/** Words that a tokenizer cuts into many pieces are rare in what its vocabulary was made of. */
function rarestQuarter(piecesPerWord: readonly number[]): Slice {
  const ascending = [...piecesPerWord].sort((left, right) => left - right);
  const most = ascending[Math.floor(0.75 * (ascending.length - 1))] ?? 0;
  return { name: "with the rarest words", members: piecesPerWord.map((pieces) => pieces > most) };
}
