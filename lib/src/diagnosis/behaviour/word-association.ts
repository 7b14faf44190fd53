import type { ReviewSet } from "../../data/review-set";

/** A word that stands more often in texts of one label than in others. */
export interface AssociatedWord {
  readonly word: string;
  readonly label: number;
  /** Texts of the label that hold it, and others. */
  readonly inside: number;
  readonly outside: number;
  /** Log odds ratio by its standard error: above 3 it is hardly chance. */
  readonly z: number;
}

const MOST_ROWS = 5_000;
/** In characters, of each text. */
const MOST_READ = 5_000;
/** Texts that must hold a word. */
const FEWEST = 8;

/**
 * The words of a set that hang the most on one label, the strongest first: by the log odds ratio of texts with the word, half a
 * text added to each count (Haldane 1956), divided by its standard error.
 */
export function associatedWords(set: ReviewSet, params: { most: number; seed: number }): AssociatedWord[] {
  const rows = set.sample(MOST_ROWS, params.seed).rows;
  const sizes = new Map<number, number>();
  const counts = new Map<string, Map<number, number>>();
  for (const { text, label } of rows) {
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const words = new Set(
      text
        .slice(0, MOST_READ)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu),
    );
    for (const word of words) {
      const ofWord = counts.get(word) ?? new Map<number, number>();
      ofWord.set(label, (ofWord.get(label) ?? 0) + 1);
      counts.set(word, ofWord);
    }
  }
  const words = [...counts].flatMap(([word, ofWord]) => {
    const total = [...ofWord.values()].reduce((sum, count) => sum + count, 0);
    if (total < FEWEST) return [];
    return [...ofWord].map(([label, inside]) => {
      const outside = total - inside;
      const without = [(sizes.get(label) ?? 0) - inside, rows.length - (sizes.get(label) ?? 0) - outside];
      return { word, label, inside, outside, z: oddsZ([inside, outside, ...without]) };
    });
  });
  return words.sort((left, right) => right.z - left.z).slice(0, params.most);
}

/** Of a table: with the word inside and outside, without it inside and outside. */
function oddsZ(table: readonly number[]): number {
  const [inside = 0.5, outside = 0.5, without = 0.5, beside = 0.5] = table.map((count) => count + 0.5);
  const logOdds = Math.log(inside / outside) - Math.log(without / beside);
  return logOdds / Math.sqrt(1 / inside + 1 / outside + 1 / without + 1 / beside);
}
