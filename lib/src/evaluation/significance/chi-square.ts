import { DataError } from "../../runtime/errors";
import { checkCounts, sum } from "./counts";
import { chiSquareSurvival } from "./distributions";

/** Whether the rows of a table differ by more than chance. */
export interface ChiSquareResult {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** How strongly rows and columns hang together, from 0 (not at all) to 1 (one gives the other away). */
  readonly cramersV: number;
}

/**
 * Pearson's chi-square test of a table of counts `[row, column]`, without Yates's correction (scipy.stats.chi2_contingency).
 *
 * Rows and columns that are all 0 say nothing and are left out. Cramér's V is sqrt(statistic / (n min(rows - 1, columns - 1))),
 * uncorrected for bias (Cramér 1946). A table of one row or column has nothing to compare: its p is 1.
 *
 * @throws DataError for rows of different length, values that are no counts, or a table without any
 */
export function chiSquareTest(table: readonly (readonly number[])[]): ChiSquareResult {
  const widths = new Set(table.map((row) => row.length));
  if (widths.size > 1)
    throw new DataError(`The rows of a table have ${[...widths].join(" and ")} columns; expected one width.`);
  checkCounts(table.flat(), "The counts of a table");
  const rows = table.filter((row) => sum(row) > 0);
  const columnSums = (table[0] ?? []).map((_, column) => sum(rows.map((row) => row[column] ?? 0)));
  const count = sum(columnSums);
  const filled = columnSums.filter((total) => total > 0).length;
  let statistic = 0;
  for (const row of rows) {
    const rowSum = sum(row);
    for (const [column, columnSum] of columnSums.entries()) {
      const expected = (rowSum * columnSum) / count;
      if (expected > 0) statistic += ((row[column] ?? 0) - expected) ** 2 / expected;
    }
  }
  const degreesOfFreedom = (rows.length - 1) * (filled - 1);
  if (degreesOfFreedom === 0) return { statistic: 0, degreesOfFreedom, pValue: 1, cramersV: 0 };
  const smaller = Math.min(rows.length, filled) - 1;
  return {
    statistic,
    degreesOfFreedom,
    pValue: chiSquareSurvival(statistic, degreesOfFreedom),
    cramersV: Math.min(1, Math.sqrt(statistic / (count * smaller))),
  };
}

/** Whether counts differ from the shares that were expected by more than chance. */
export interface GoodnessOfFit {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** The size of the difference, whatever the number of examples: 0.1 is small, 0.3 medium, 0.5 large (Cohen 1988). */
  readonly cohensW: number;
}

/**
 * Pearson's chi-square test of counts against shares (scipy.stats.chisquare); equal shares where none are given.
 *
 * `expectedShares` may be counts of another, larger set: they are scaled to a sum of 1. A category that is neither expected nor
 * seen is left out; one that is seen though its share is 0 cannot be chance, and the statistic is infinite.
 *
 * @throws DataError for values that are no counts, none above 0, or not as many shares as counts
 */
export function goodnessOfFit(
  counts: readonly number[],
  expectedShares: readonly number[] = counts.map(() => 1),
): GoodnessOfFit {
  if (counts.length !== expectedShares.length)
    throw new DataError(
      `${counts.length} counts came with ${expectedShares.length} expected shares; expected as many.`,
    );
  checkCounts(counts, "The counts");
  checkCounts(expectedShares, "The expected shares");
  const count = sum(counts);
  const wholeShare = sum(expectedShares);
  const terms = counts.flatMap((seen, index) => {
    const expected = (count * (expectedShares[index] ?? 0)) / wholeShare;
    if (expected === 0) return seen === 0 ? [] : [Infinity];
    return [(seen - expected) ** 2 / expected];
  });
  const statistic = sum(terms);
  const degreesOfFreedom = terms.length - 1;
  return {
    statistic,
    degreesOfFreedom,
    pValue: chiSquareSurvival(statistic, degreesOfFreedom),
    cohensW: Math.sqrt(statistic / count),
  };
}
