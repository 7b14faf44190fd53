import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  allReadings,
  bestReading,
  countOutputs,
  hitsOf,
  meanRecall,
  secondReading,
  type OutputCounts,
} from "../../../../lib/src/diagnosis/model/reading";
import { seededRandom, type Random } from "../../../../lib/src/runtime/random";

function randomCounts(random: Random, labels: number, outputs: number): number[][] {
  const most = random() < 0.5 ? 3 : 30;
  return Array.from({ length: labels }, () =>
    // a label that does not occur is among them
    random() < 0.2
      ? new Array<number>(outputs).fill(0)
      : Array.from({ length: outputs }, () => Math.floor(random() * most)),
  );
}

/** The best reading and the best that differs from it on a label that occurs, among all. */
function bruteForce(counts: OutputCounts, best: readonly number[]): { first: number; second: number } {
  const all = allReadings(counts.length, counts[0]?.length ?? 0);
  const occurs = (label: number): boolean => counts[label]?.some((count) => count > 0) ?? false;
  const others = all.filter((reading) =>
    reading.some((output, label) => occurs(label) && output !== best[label]),
  );
  return {
    first: Math.max(...all.map((reading) => meanRecall(counts, reading))),
    second: Math.max(...others.map((reading) => meanRecall(counts, reading))),
  };
}

describe("readings of a model's outputs", () => {
  it("are compared as all of them would be, the best and the one that comes next", () => {
    const random = seededRandom(3);
    for (let trial = 0; trial < 400; trial += 1) {
      const [labels, outputs] = [2 + Math.floor(random() * 3), 2 + Math.floor(random() * 3)];
      const counts = randomCounts(random, labels, outputs);
      const best = bestReading(counts, []);
      const second = secondReading(counts, best);
      const { first, second: next } = bruteForce(counts, best);
      assert.ok(Math.abs(meanRecall(counts, best) - first) < 1e-9, JSON.stringify({ counts, best }));
      if (!second) assert.ok(counts.flat().every((count) => count === 0));
      else assert.ok(Math.abs(meanRecall(counts, second) - next) < 1e-8, JSON.stringify({ counts, second }));
    }
  });

  it("count each label alike: the answer to everything means no label", () => {
    const always = [
      [90, 0],
      [10, 0],
    ];
    assert.deepEqual(bestReading(always, [0, 1]), [0, 1]);
    assert.deepEqual(bestReading(always, [1, 0]), [1, 0]);
    assert.equal(meanRecall(always, [0, 1]), 0.5);
    assert.equal(hitsOf(always, [0, 1]), 90);
  });

  it("leave labels that do not occur where they were", () => {
    const counts = [
      [0, 9, 0, 0],
      [9, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    assert.deepEqual(bestReading(counts, [0, 1, 3, 2]), [1, 0, 3, 2]);
  });

  it("may leave outputs, or labels, over", () => {
    const wide = [
      [5, 0, 0],
      [0, 0, 5],
    ];
    assert.deepEqual(bestReading(wide, [0, 1]), [0, 2]);
    const tall = [
      [5, 0],
      [1, 1],
      [0, 5],
    ];
    assert.deepEqual(bestReading(tall, [0, 1, -1]), [0, -1, 1]);
    assert.equal(allReadings(3, 2).length, 6);
    assert.equal(allReadings(2, 3).length, 6);
  });

  it("are found for hundreds of labels", () => {
    const size = 200;
    const moved = Array.from({ length: size }, (_, label) => (label + 1) % size);
    const counts = moved.map((output) => Array.from({ length: size }, (_, at) => (at === output ? 7 : 0)));
    const best = bestReading(counts, []);
    assert.deepEqual(best, moved);
    const second = secondReading(counts, best);
    assert.ok(second && Math.abs(meanRecall(counts, second) - 198 / 200) < 1e-12, "two change places");
  });

  it("are counted by label and output; a prediction outside is none", () => {
    const counts = countOutputs({
      ...{ labels: [0, 1, 1, 1], predictions: [1, 0, 0, -1], numLabels: 2, numOutputs: 2 },
    });
    assert.deepEqual(counts, [
      [0, 1],
      [2, 0],
    ]);
  });
});
