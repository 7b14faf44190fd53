import { wilsonInterval } from "../../evaluation/metrics";
import type { RoleSplit } from "../examination";

/** Tokens of a text, and how many of them do not fit. */
export interface TextLength {
  readonly tokens: number;
  readonly lost: number;
}

/** What a maximal length does to some texts. */
export interface Cut {
  readonly texts: number;
  /** Share of the texts that are longer. */
  readonly share: number;
  /** Of that share, with 95 % confidence; 0 to 1 for no texts. */
  readonly interval: readonly [number, number];
  /** Share of all their tokens that is cut off. */
  readonly lostShare: number;
  /** Of that share, a standard error. */
  readonly lostError: number;
}

/** A set with the lengths of some of its texts. */
export interface MeasuredSplit extends RoleSplit {
  readonly lengths: readonly TextLength[];
  /** Of the measured texts. */
  readonly labels: readonly number[];
  readonly cut: Cut;
}

/** What is lost of texts of these lengths; shares of no texts are 0. */
export function cutOf(lengths: readonly TextLength[]): Cut {
  const texts = lengths.length;
  const longer = lengths.filter(({ lost }) => lost > 0).length;
  const tokens = lengths.reduce((sum, length) => sum + length.tokens, 0);
  const lostShare = tokens > 0 ? lengths.reduce((sum, { lost }) => sum + lost, 0) / tokens : 0;
  // of a ratio of sums, by the delta method
  const squares = lengths.reduce((sum, length) => sum + (length.lost - lostShare * length.tokens) ** 2, 0);
  return {
    texts,
    share: texts > 0 ? longer / texts : 0,
    interval: texts > 0 ? wilsonInterval(longer, texts) : [0, 1],
    lostShare,
    lostError: tokens > 0 ? Math.sqrt(squares) / tokens : 0,
  };
}

/** The same texts as another maximal length would cut them. */
export function cutAt(lengths: readonly TextLength[], maxLength: number): Cut {
  return cutOf(lengths.map(({ tokens }) => ({ tokens, lost: Math.max(0, tokens - maxLength) })));
}
