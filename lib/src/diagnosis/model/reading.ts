import { bestAssignment } from "../../evaluation/significance/assignment";
import { sum } from "../../evaluation/significance/counts";

/** Which output stands for each label, `[label]`; -1 for a label that none stands for. */
export type Reading = readonly number[];

/** How often examples of each label were given each output, `[label, output]`. */
export type OutputCounts = readonly (readonly number[])[];

/** Far below what one example can change, so that it decides between equals alone. */
const PREFERENCE = 1e-9;

/** Counts the outputs that examples were given, by their label; labels and outputs are numbered from 0. */
export function countOutputs(params: {
  labels: readonly number[];
  predictions: readonly number[];
  numLabels: number;
  numOutputs: number;
}): number[][] {
  const { labels, predictions, numLabels, numOutputs } = params;
  const counts = Array.from({ length: numLabels }, () => new Array<number>(numOutputs).fill(0));
  for (const [index, label] of labels.entries()) {
    const row = counts[label];
    const output = predictions[index] ?? -1;
    if (row && output >= 0) row[output] = (row[output] ?? 0) + 1;
  }
  return counts;
}

/** Every reading there is, of few labels: as many as permutations of the larger number. */
export function allReadings(numLabels: number, outputs: number): Reading[] {
  const size = Math.max(numLabels, outputs);
  const readings = permutations(Array.from({ length: size }, (_, output) => output)).map((order) =>
    order.slice(0, numLabels).map((output) => (output < outputs ? output : -1)),
  );
  return [...new Map(readings.map((reading) => [reading.join(), reading])).values()];
}

/** Number of examples that are right under a reading. */
export function hitsOf(counts: OutputCounts, reading: Reading): number {
  return sum(counts.map((row, label) => hitsAt(row, reading[label])));
}

/** Mean recall under a reading, of the labels that occur; 0 where none does. */
export function meanRecall(counts: OutputCounts, reading: Reading): number {
  const recalls = counts.flatMap((row, label) =>
    sum(row) > 0 ? [hitsAt(row, reading[label]) / sum(row)] : [],
  );
  return recalls.length > 0 ? sum(recalls) / recalls.length : 0;
}

/**
 * The reading under which the labels are recognised best, on average over the labels: each counts the same, however many
 * examples it has, since otherwise a model that always says the same would seem to mean the most frequent label.
 *
 * Of readings that are as good, it is the one that shares the most with `preferred`.
 */
export function bestReading(counts: OutputCounts, preferred: Reading): Reading {
  const recalls = recallTable(counts);
  for (const [label, output] of preferred.entries()) {
    const row = recalls[label];
    if (row && output >= 0) row[output] = (row[output] ?? 0) + PREFERENCE;
  }
  return cutTo(counts, bestAssignment(recalls));
}

/**
 * The reading that comes next to the best, or `undefined` where there is no other: of all ways to pass outputs on around a circle of
 * labels, one of which occurs, the one that costs the least recall.
 *
 * Every other reading is the best one with some such circles, and none gains anything. The cheapest is found among the
 * shortest paths (Floyd 1962) of the graph in which an edge from a label to another costs what the first loses with the output of the second.
 *
 * @param best - what {@link bestReading} gave
 */
export function secondReading(counts: OutputCounts, best: Reading): Reading | undefined {
  const recalls = recallTable(counts);
  const whole = completed(best, recalls.length);
  const recallOf = (label: number, output: number | undefined): number => recalls[label]?.[output ?? -1] ?? 0;
  const losses = whole.map((own, label) =>
    whole.map((output, other) =>
      // between two labels without an output nothing changes hands
      label === other || Math.min(own, output) >= numOutputs(counts)
        ? Infinity
        : recallOf(label, own) - recallOf(label, output),
    ),
  );
  const next = shortestPaths(losses);
  let [begin, least] = [-1, Infinity];
  for (const [label, row] of counts.entries()) {
    const loss = losses[label]?.[label] ?? Infinity;
    if (sum(row) > 0 && loss < least) [begin, least] = [label, loss];
  }
  if (begin < 0) return undefined;
  const second = [...whole];
  let label = begin;
  do {
    const other = next[label]?.[begin] ?? begin;
    second[label] = whole[other] ?? -1;
    label = other;
  } while (label !== begin);
  return cutTo(counts, second);
}

function permutations(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((first, index) =>
    permutations(values.toSpliced(index, 1)).map((others) => [first, ...others]),
  );
}

/** Turns lengths of edges into lengths of shortest paths, in place, and says where each path goes first. */
function shortestPaths(lengths: number[][]): number[][] {
  const size = lengths.length;
  const next = lengths.map(() => Array.from({ length: size }, (_, to) => to));
  for (let over = 0; over < size; over += 1)
    for (const [from, row] of lengths.entries()) {
      const begin = row[over] ?? Infinity;
      for (let to = 0; to < size && begin < Infinity; to += 1) {
        const length = begin + (lengths[over]?.[to] ?? Infinity);
        // what is shorter by rounding alone would send a path in circles
        if (length >= (row[to] ?? Infinity) - PREFERENCE) continue;
        row[to] = length;
        (next[from] ?? [])[to] = next[from]?.[over] ?? over;
      }
    }
  return next;
}

/** Recalls `[label, output]`, square: what there is less of is filled up with labels, or outputs, that never occur. */
function recallTable(counts: OutputCounts): number[][] {
  const size = Math.max(counts.length, numOutputs(counts));
  return Array.from({ length: size }, (_, label) => {
    const row = counts[label] ?? [];
    const examples = sum(row);
    return Array.from({ length: size }, (_, output) => (examples > 0 ? (row[output] ?? 0) / examples : 0));
  });
}

/** A reading in which every label, also those that were filled up, has an output of its own. */
function completed(reading: Reading, size: number): number[] {
  const taken = new Set(reading);
  const free = Array.from({ length: size }, (_, output) => output).filter((output) => !taken.has(output));
  // outputs that were filled up come last, where a label without one belongs
  return Array.from({ length: size }, (_, label) => {
    const output = reading[label] ?? -1;
    return output >= 0 ? output : ((label < reading.length ? free.pop() : free.shift()) ?? -1);
  });
}

function cutTo(counts: OutputCounts, columns: readonly number[]): number[] {
  return columns.slice(0, counts.length).map((output) => (output < numOutputs(counts) ? output : -1));
}

function numOutputs(counts: OutputCounts): number {
  return counts[0]?.length ?? 0;
}

function hitsAt(row: readonly number[], output: number | undefined): number {
  return row[output ?? -1] ?? 0;
}
