import { PUNCTUATION } from "./character-classes";

/** What `WordPiece` knows, named as in tokenizer.json. */
export interface WordPieceOptions {
  /** Ids of the word pieces. */
  vocab: ReadonlyMap<string, number>;
  unkTokenId: number;
  /** What marks a piece that does not begin its word: `##`. */
  continuingSubwordPrefix: string;
  /** A longer word, in characters, is unknown. */
  maxInputCharsPerWord: number;
}

/** Words as `BertPreTokenizer` finds them: what whitespace and punctuation separate, and each punctuation mark. */
const WORDS = new RegExp(`[${PUNCTUATION}]|[^\\p{White_Space}${PUNCTUATION}]+`, "gu");

/** The ids of a normalized text's word pieces: of each word the longest piece that the vocabulary has, again and again. */
export function wordPieces(text: string, options: WordPieceOptions): number[] {
  return (text.match(WORDS) ?? []).flatMap((word) => piecesOfWord(word, options) ?? options.unkTokenId);
}

/** `undefined` for a word that cannot be put together. */
function piecesOfWord(word: string, options: WordPieceOptions): number[] | undefined {
  const { vocab, continuingSubwordPrefix, maxInputCharsPerWord } = options;
  const characters = Array.from(word);
  if (characters.length > maxInputCharsPerWord) return undefined;
  const ids: number[] = [];
  for (let begin = 0; begin < characters.length;) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > begin && id === undefined; end -= 1) {
      const piece = characters.slice(begin, end).join("");
      id = vocab.get(begin === 0 ? piece : continuingSubwordPrefix + piece);
    }
    if (id === undefined) return undefined;
    ids.push(id);
    begin = end + 1;
  }
  return ids;
}
