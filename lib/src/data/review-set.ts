import { ArgumentError, DataError } from "../runtime/errors";
import { Presentable, type TableSpec } from "../runtime/presentation";
import { permutation, seededRandom } from "../runtime/random";

/** A text with its label. */
export interface Review {
  text: string;
  label: number;
}

/** A run of equal labels: the label and how often it stands there in a row. */
export type LabelRun = [label: number, count: number];

/** The numbers 0 to `end` - 1, or from `begin` on, as Python's `range`. */
export function range(begin: number, end?: number): number[] {
  const [from, to] = end === undefined ? [0, begin] : [begin, end];
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

/** Reviews in an order (Hugging Face `datasets`' Dataset, as far as this story needs it); never changed in place. */
export class ReviewSet extends Presentable {
  /**
   * @throws DataError if a review's label is not in `id2label`
   */
  constructor(
    /** What to call the set. */
    readonly name: string,
    readonly rows: readonly Review[],
    /** Names of the labels by id. */
    readonly id2label: Readonly<Record<number, string>>,
  ) {
    super();
    const bad = rows.findIndex(({ label }) => !(label in id2label));
    if (bad >= 0)
      throw new DataError(
        `Row ${bad} of "${name}" has the label ${String(rows[bad]?.label)}; expected one of ${JSON.stringify(id2label)}.`,
      );
  }

  /** Number of reviews. */
  get length(): number {
    return this.rows.length;
  }

  /** Labels in order. */
  get labels(): number[] {
    return this.rows.map(({ label }) => label);
  }

  /** Texts in order. */
  get texts(): string[] {
    return this.rows.map(({ text }) => text);
  }

  /**
   * The rows of these numbers, in their order.
   *
   * @throws ArgumentError for a number that the set does not have
   */
  select(indices: readonly number[], name = `${this.name}, ${indices.length} selected`): ReviewSet {
    const rows = indices.map((index) => {
      const row = this.rows[index];
      if (!row)
        throw new ArgumentError(
          `Row ${index} of "${this.name}" was asked for; it has ${this.length > 0 ? `rows 0 to ${this.length - 1}` : "0 rows"}.`,
        );
      return row;
    });
    return new ReviewSet(name, rows, this.id2label);
  }

  /** The same reviews in a random order, the same for the same seed. */
  shuffle(seed: number): ReviewSet {
    return this.select(permutation(this.length, seededRandom(seed)), `${this.name}, shuffled`);
  }

  /** At most `count` reviews, drawn at random and in a random order, the same for the same seed. */
  sample(count: number, seed: number, name?: string): ReviewSet {
    return this.select(permutation(this.length, seededRandom(seed)).slice(0, count), name);
  }

  /** The same reviews, stably sorted by label: as IMDB lies on the Hub. */
  sortByLabel(): ReviewSet {
    const rows = [...this.rows].sort((left, right) => left.label - right.label);
    return new ReviewSet(`${this.name}, sorted by label`, rows, this.id2label);
  }

  /** The same set under another name. */
  rename(name: string): ReviewSet {
    return new ReviewSet(name, this.rows, this.id2label);
  }

  /** How often each label occurs, by id; 0 for one that does not. */
  labelCounts(): Record<number, number> {
    const counts = Object.fromEntries(Object.keys(this.id2label).map((id) => [Number(id), 0]));
    for (const { label } of this.rows) counts[label] = (counts[label] ?? 0) + 1;
    return counts;
  }

  /** The order of the labels, as runs. */
  labelRuns(): LabelRun[] {
    return labelRuns(this.labels);
  }

  override present(): TableSpec {
    return {
      kind: "table",
      title: `${this.name}: ${this.length} reviews`,
      columns: ["label", "name", "reviews", "share"],
      rows: Object.entries(this.labelCounts()).map(([id, count]) => {
        return [
          Number(id),
          this.id2label[Number(id)] ?? "",
          count,
          this.length > 0 ? count / this.length : null,
        ];
      }),
      format: { share: "percent" },
    };
  }
}

/** The order of labels, as runs of equal ones. */
export function labelRuns(labels: readonly number[]): LabelRun[] {
  const runs: LabelRun[] = [];
  for (const label of labels) {
    const last = runs.at(-1);
    if (last?.[0] === label) last[1] += 1;
    else runs.push([label, 1]);
  }
  return runs;
}

/** What the first `count` rows of a set with these runs hold, by label. */
export function countsInPrefix(runs: readonly LabelRun[], count: number): Record<number, number> {
  const counts: Record<number, number> = {};
  let left = count;
  for (const [label, length] of runs) {
    counts[label] = (counts[label] ?? 0) + Math.min(left, length);
    left -= Math.min(left, length);
  }
  return counts;
}
