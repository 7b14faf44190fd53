import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countOutputs, hitsOf, type Reading } from "../../../../lib/src/diagnosis/model/reading";
import {
  correctedP,
  fitOverChance,
  oneSidedP,
  testReading,
} from "../../../../lib/src/diagnosis/model/reading-significance";
import { chiSquareTest } from "../../../../lib/src/evaluation/significance/chi-square";

function orders(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((first, at) => orders(values.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}

/** Standard deviations from the mean, over all ways to deal the outputs to the examples. */
function exactZ(labels: number[], predictions: number[], gain: (counts: number[][]) => number): number {
  const numLabels = Math.max(...labels, ...predictions) + 1;
  const gainOf = (dealt: number[]): number =>
    gain(countOutputs({ labels, predictions: dealt, numLabels, numOutputs: numLabels }));
  const all = orders(predictions).map(gainOf);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
  return (gainOf(predictions) - mean) / Math.sqrt(variance);
}

const close = (found: number, expected: number): void => {
  assert.ok(Math.abs(found - expected) < 1e-9, `${found} is not ${expected}`);
};

describe("how much better a reading fits than another", () => {
  const labels = [0, 0, 0, 1, 1, 2, 2];
  const predictions = [1, 1, 0, 0, 2, 2, 2];
  const counts = countOutputs({ labels, predictions, numLabels: 3, numOutputs: 3 });

  it("is what all ways to deal the outputs say", () => {
    const [moved, declared]: Reading[] = [
      [1, 2, 0],
      [0, 1, 2],
    ];
    assert.ok(moved && declared);
    const gain = (dealt: number[][]): number => hitsOf(dealt, moved) - hitsOf(dealt, declared);
    close(testReading(counts, moved, declared).z, exactZ(labels, predictions, gain));
    close(
      fitOverChance(counts, declared),
      exactZ(labels, predictions, (dealt) => hitsOf(dealt, declared)),
    );
  });

  it("looks at the labels alone that change places", () => {
    const { exchanges, z } = testReading(counts, [1, 0, 2], [0, 1, 2]);
    assert.deepEqual(
      exchanges.map((exchange) => exchange.labels),
      [[0, 1]],
    );
    const gain = (dealt: number[][]): number => hitsOf(dealt, [1, 0]) - hitsOf(dealt, [0, 1]);
    close(z, exactZ([0, 0, 0, 1], [1, 1, 0, 0], gain));
  });

  it("looks at the other labels too where an output is left over", () => {
    const wide = countOutputs({
      ...{ labels: [0, 0, 0, 1, 1, 1], predictions: [0, 0, 1, 1, 2, 2], numLabels: 2, numOutputs: 3 },
    });
    const gain = ([row = []]: number[][]): number => (row[0] ?? 0) - (row[1] ?? 0);
    close(testReading(wide, [0, 2], [1, 2]).z, exactZ([0, 0, 0, 1], [0, 0, 1, 1], gain));
  });

  it("is corrected for all exchanges that there were to choose from, also beyond what a double holds", () => {
    close(correctedP(3, { exchanged: 2, of: 2 }), 2 * oneSidedP(3));
    close(correctedP(4, { exchanged: 2, of: 5 }), 4 * 5 * 4 * oneSidedP(4));
    assert.equal(correctedP(0, { exchanged: 2, of: 2 }), 1);
    assert.equal(correctedP(12, { exchanged: 30, of: 100 }), 1);
    assert.equal(correctedP(40, { exchanged: 900, of: 1000 }), 1, "an order of 900 among all");
    assert.ok(correctedP(12, { exchanged: 2, of: 100 }) < 1e-20);
    const [near, far] = [5.999, 6.001].map((z) => correctedP(z, { exchanged: 2, of: 2 }));
    assert.ok(near && far && Math.abs(far / near - 1) < 0.05);
  });

  it("is the chi-square test of two labels, with a sign", () => {
    const table = [
      [30, 10],
      [22, 28],
    ];
    const { statistic } = chiSquareTest(table);
    const expected = Math.sqrt((statistic * 89) / 90);
    close(testReading(table, [0, 1], [1, 0]).z, expected);
    close(testReading(table, [1, 0], [0, 1]).z, -expected);
    close(fitOverChance(table, [0, 1]), expected);
  });

  it("is nothing where the model always says the same, however often that is right", () => {
    const always = [
      [900, 0],
      [10, 0],
    ];
    assert.equal(testReading(always, [0, 1], [1, 0]).z, 0);
    assert.equal(fitOverChance(always, [0, 1]), 0);
    assert.equal(oneSidedP(0), 0.5);
  });

  it("is nothing where nothing differs, and of one example or none", () => {
    assert.deepEqual(testReading(counts, [0, 1, 2], [0, 1, 2]), { exchanges: [], z: 0 });
    assert.equal(testReading([[1, 0]], [0], [1]).z, 0);
    assert.equal(fitOverChance([], []), 0);
  });

  it("keeps exchanges apart that share no label", () => {
    const four = [0, 1, 2, 3].map((label) => [1, 0, 3, 2].map((output) => (output === label ? 10 : 0)));
    const { exchanges, z } = testReading(four, [1, 0, 3, 2], [0, 1, 2, 3]);
    assert.deepEqual(
      exchanges.map((exchange) => exchange.labels),
      [
        [0, 1],
        [2, 3],
      ],
    );
    close(z, ((exchanges[0]?.z ?? 0) + (exchanges[1]?.z ?? 0)) / Math.SQRT2);
  });
});
