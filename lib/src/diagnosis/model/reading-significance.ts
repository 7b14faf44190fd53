import { sum } from "../../evaluation/significance/counts";
import { normalCdf } from "../../evaluation/significance/distributions";
import type { OutputCounts, Reading } from "./reading";

/** By how much a number of hits differs from what chance gives, and how far chance itself varies. */
interface Excess {
  readonly excess: number;
  readonly variance: number;
}

/** Labels whose outputs two readings give to each other. */
export interface Exchange {
  readonly labels: readonly number[];
  /** Standard deviations by which the first reading fits better than chance would. */
  readonly z: number;
}

/** Whether one reading fits better than another. */
export interface ReadingTest {
  /** Each with an output that another of it has under the other reading; empty where the readings are the same. */
  readonly exchanges: readonly Exchange[];
  /** Of all exchanges together; 0 where nothing differs, or nothing varies. */
  readonly z: number;
}

/**
 * Tests whether the data ask for one reading rather than another.
 *
 * Of the examples whose label and output both belong to an exchange, it counts how many more are right under the first, and
 * sets that against what it would be if outputs fell on them whatever their label: mean and variance of such a sum are
 * Hoeffding's ("A combinatorial central limit theorem", 1951), and for two labels it is Pearson's chi-square test, signed.
 * McNemar's test, which compares right answers alone, would take a model that always says the same to mean the most frequent label.
 */
export function testReading(counts: OutputCounts, reading: Reading, other: Reading): ReadingTest {
  const groups = exchangedLabels(reading, other);
  const parts = groups.map((labels) => excessOf({ counts, labels, reading, other }));
  return {
    exchanges: groups.map((labels, index) => ({ labels, z: zOf(parts.slice(index, index + 1)) })),
    z: zOf(parts),
  };
}

/** Standard deviations by which examples are right more often than if outputs fell on them whatever their label. */
export function fitOverChance(counts: OutputCounts, reading: Reading): number {
  const labels = counts.map((_, label) => label);
  return zOf([excessOf({ counts, labels, reading, other: labels.map(() => -1) })]);
}

/** The chance to fit by as many standard deviations, or more, where there is nothing in it. */
export function oneSidedP(z: number): number {
  return normalCdf(-z);
}

interface Compared {
  readonly counts: OutputCounts;
  readonly labels: readonly number[];
  readonly reading: Reading;
  readonly other: Reading;
}

/** Beyond so many standard deviations the chance is taken from its leading term, which is right to 3 %; doubles end at 38. */
const FAR = 6;

/**
 * The chance to find an exchange of so many labels that fits by as many standard deviations, or more, where there is nothing in it:
 * it is one of all ways to deal outputs to so many of the labels, and of all numbers of labels.
 */
export function correctedP(z: number, { exchanged, of }: { exchanged: number; of: number }): number {
  let logWays = Math.log(Math.max(1, of - 1));
  for (let dealt = 0; dealt < exchanged; dealt += 1) logWays += Math.log(of - dealt);
  const logP = z > FAR ? -(z ** 2) / 2 - Math.log(z * Math.sqrt(2 * Math.PI)) : Math.log(oneSidedP(z));
  return Math.exp(Math.min(0, logP + logWays));
}

/** Labels that differ, those together of which one has under one reading the output of another under the other. */
function exchangedLabels(reading: Reading, other: Reading): number[][] {
  const left = new Set(reading.flatMap((output, label) => (output !== other[label] ? [label] : [])));
  const groups: number[][] = [];
  for (const first of left) {
    const group = [first];
    left.delete(first);
    // the group grows while it is walked through
    for (const label of group)
      for (const candidate of left) {
        const isLinked =
          sameOutput(reading[label], other[candidate]) || sameOutput(other[label], reading[candidate]);
        if (isLinked) group.push(candidate);
        if (isLinked) left.delete(candidate);
      }
    groups.push(group.sort((one, two) => one - two));
  }
  return groups;
}

function sameOutput(one: number | undefined, two: number | undefined): boolean {
  return one === two && one !== undefined && one >= 0;
}

function excessOf({ counts, labels, reading, other }: Compared): Excess {
  const outputsOf = (one: Reading): Set<number> =>
    new Set(labels.flatMap((label) => ((one[label] ?? -1) >= 0 ? [one[label] ?? -1] : [])));
  const [mine, theirs] = [outputsOf(reading), outputsOf(other)];
  // an output that comes from outside the exchange, or is left over, is only seen to fit beside the other labels
  const isClosed = mine.size === theirs.size && [...mine].every((output) => theirs.has(output));
  const rows = isClosed ? labels : counts.map((_, label) => label);
  const columns =
    theirs.size > 0 ? [...new Set([...mine, ...theirs])] : (counts[0] ?? []).map((_, output) => output);
  const changed = new Set(labels);
  const table = rows.map((label) => columns.map((output) => counts[label]?.[output] ?? 0));
  const gain = rows.map((label) =>
    columns.map((output) =>
      changed.has(label) ? Number(reading[label] === output) - Number(other[label] === output) : 0,
    ),
  );
  return independentExcess(table, gain);
}

/** Of the sum of gains over the examples of a table, if rows and columns met at random. */
function independentExcess(table: readonly number[][], gain: readonly number[][]): Excess {
  const rows = table.map(sum);
  const columns = (table[0] ?? []).map((_, column) => sum(table.map((row) => row[column] ?? 0)));
  const count = sum(rows);
  if (count < 2) return { excess: 0, variance: 0 };
  const rowMeans = gain.map((row) => weighted(row, columns) / count);
  const columnMeans = columns.map(
    (_, column) =>
      weighted(
        gain.map((row) => row[column] ?? 0),
        rows,
      ) / count,
  );
  const mean = weighted(rowMeans, rows) / count;
  let [excess, variance] = [-count * mean, 0];
  for (const [row, gains] of gain.entries())
    for (const [column, value] of gains.entries()) {
      const rest = value - (rowMeans[row] ?? 0) - (columnMeans[column] ?? 0) + mean;
      excess += value * (table[row]?.[column] ?? 0);
      variance += ((rows[row] ?? 0) * (columns[column] ?? 0) * rest ** 2) / (count - 1);
    }
  return { excess, variance };
}

function zOf(parts: readonly Excess[]): number {
  const variance = sum(parts.map((part) => part.variance));
  // rounding leaves a trace where nothing varies
  return variance > 1e-9 ? sum(parts.map(({ excess }) => excess)) / Math.sqrt(variance) : 0;
}

function weighted(values: readonly number[], weights: readonly number[]): number {
  return sum(values.map((value, index) => value * (weights[index] ?? 0)));
}
