/** What makes ids of a text. */
export interface TextEncoder {
  /** Ids of a whole text, special tokens included. */
  encode(text: string): number[];
  /** Tokens of a whole text, special tokens included. */
  tokens(text: string): string[];
  /** Id of a token; `undefined` for one that is not in the vocabulary. */
  idOf(token: string): number | undefined;
}
