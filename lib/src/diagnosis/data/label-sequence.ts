import { labelRuns, type LabelRun } from "../../data/review-set";
import { logFactorial } from "../../evaluation/significance/distributions";
import { totalVariation } from "../../evaluation/significance/divergence";
import { kolmogorovSmirnov } from "../../evaluation/significance/kolmogorov-smirnov";
import { holm } from "../../evaluation/significance/multiple-testing";
import { runsTest } from "../../evaluation/significance/runs-test";
import { chanceVariation } from "./label-shift";
import { countsOf } from "./label-census";

/** What the first rows of a set hold. */
export interface Prefix {
  readonly rows: number;
  /** Rows of each label. */
  readonly counts: readonly number[];
  /** Total variation between its label shares and those of the whole set. */
  readonly variation: number;
  /** What of that chance would not give. */
  readonly excess: number;
}

/** A run with the row that it begins at. */
export interface PlacedRun {
  readonly label: number;
  readonly begin: number;
  readonly length: number;
}

/** The order of a set's labels, measured. */
export interface LabelSequence {
  readonly runs: readonly PlacedRun[];
  /** How many runs a shuffled set has on average. */
  readonly expectedRuns: number;
  /**
   * From 1, all rows of a label together, over 0, shuffled, to below it, where labels alternate: the share of label changes that is
   * missing. Blocks of equal length b of two labels have 1 - 2 / b.
   */
  readonly stickiness: number;
  /** That a shuffled set has so few or so many runs. */
  readonly runsPValue: number;
  /** That a shuffled set is sorted by label. */
  readonly sortedChance: number;
  /** Of each tenth of the set's length, from 10 % to 90 %. */
  readonly prefixes: readonly Prefix[];
  /** That the label which moves most through a shuffled set moves so much: Kolmogorov and Smirnov's, by Holm for many labels. */
  readonly shiftPValue: number;
}

const TENTHS = 10;
/** The rarer labels say nothing of the order that these do not. */
const MOST_TESTED = 20;
/** Of fewer rows the test's approximation is not good enough. */
const FEWEST_TESTED = 10;

/** Measures the order of labels 0 to `size` - 1; nothing for fewer than two rows or labels, which have no order. */
export function measureSequence(labels: readonly number[], size: number): LabelSequence | undefined {
  const counts = countsOf(labels, size);
  const present = counts.filter((count) => count > 0).length;
  if (present < 2) return undefined;
  const { expectedRuns, pValue } = runsTest(labels);
  const runs = placeRuns(labelRuns(labels));
  return {
    ...{ runs, expectedRuns, runsPValue: pValue },
    // two labels of a row each change once, whatever their order
    stickiness: expectedRuns > 1 ? 1 - (runs.length - 1) / (expectedRuns - 1) : 0,
    sortedChance: chanceOfSorted(counts),
    prefixes: prefixesOf(labels, counts),
    shiftPValue: testShift(labels, counts),
  };
}

function placeRuns(runs: readonly LabelRun[]): PlacedRun[] {
  let begin = 0;
  return runs.map(([label, length]) => {
    const run = { label, begin, length };
    begin += length;
    return run;
  });
}

/** Orders of the labels, times orders within each, over orders of all rows. */
function chanceOfSorted(counts: readonly number[]): number {
  const present = counts.filter((count) => count > 0);
  const rows = present.reduce((sum, count) => sum + count, 0);
  const within = present.reduce((sum, count) => sum + logFactorial(count), 0);
  return Math.exp(logFactorial(present.length) + within - logFactorial(rows));
}

function prefixesOf(labels: readonly number[], whole: readonly number[]): Prefix[] {
  const shares = whole.map((count) => count / labels.length);
  const lengths = Array.from({ length: TENTHS - 1 }, (_, index) =>
    Math.round((labels.length * (index + 1)) / TENTHS),
  );
  return [...new Set(lengths)]
    .filter((rows) => rows > 0)
    .map((rows) => {
      const counts = countsOf(labels.slice(0, rows), whole.length);
      const variation = totalVariation(counts, whole);
      const chance = chanceVariation(shares, 1 / rows - 1 / labels.length);
      return { rows, counts, variation, excess: Math.max(0, variation - chance) };
    });
}

function testShift(labels: readonly number[], counts: readonly number[]): number {
  const enough = counts.flatMap((count, label) =>
    Math.min(count, labels.length - count) >= FEWEST_TESTED ? [label] : [],
  );
  if (enough.length === 0) return 1;
  const frequent = enough.sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0));
  // of two labels, where one is the other is not
  const isEither = counts.filter((count) => count > 0).length === 2;
  const tested = frequent.slice(0, isEither ? 1 : MOST_TESTED);
  const pValues = tested.map((label) => {
    const places = labels.map((_, row) => row);
    const inside = places.filter((row) => labels[row] === label);
    const outside = places.filter((row) => labels[row] !== label);
    return kolmogorovSmirnov(inside, outside).pValue;
  });
  return Math.min(...holm(pValues));
}
