import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  sameReading,
  weighReadings,
  type LabelledAnswers,
} from "../../../../lib/src/diagnosis/model/label-evidence";
import { permutation, seededRandom, type Random } from "../../../../lib/src/runtime/random";

/** Answers of a model that gives label `a` the output `outputOf[a]` so often, and else any. */
function answersOf(params: {
  outputOf: readonly number[];
  perLabel: number;
  right: number;
  random: Random;
}): LabelledAnswers {
  const { outputOf, perLabel, right, random } = params;
  const size = outputOf.length;
  const labels = outputOf.flatMap((_, label) => new Array<number>(perLabel).fill(label));
  const predictions = labels.map((label) =>
    random() < right ? (outputOf[label] ?? -1) : Math.floor(random() * size),
  );
  return { labels, predictions, numLabels: size, numOutputs: size };
}

const inOrder = (size: number): number[] => Array.from({ length: size }, (_, label) => label);
/** The order with its first labels passed round. */
const rotated = (size: number, count: number): number[] =>
  inOrder(size).map((label) => (label < count ? (label + 1) % count : label));

describe("what labelled examples say of the outputs of 100 classes", () => {
  const random = seededRandom(11);

  it("is that all fit", () => {
    const answers = answersOf({ outputOf: inOrder(100), perLabel: 4, right: 0.7, random });
    const { best, isDecided, pChance } = weighReadings(answers, inOrder(100));
    assert.deepEqual(best, inOrder(100));
    assert.ok(isDecided && pChance < 1e-6);
  });

  it("is that three are passed round, and which", () => {
    const answers = answersOf({ outputOf: rotated(100, 3), perLabel: 20, right: 0.8, random });
    const { best, pDeclared } = weighReadings(answers, inOrder(100));
    assert.deepEqual(best, rotated(100, 3));
    assert.ok(pDeclared < 1e-6);
  });

  it("is that two are exchanged, and nothing of those that it has few answers to", () => {
    const plain = answersOf({ outputOf: [1, 0], perLabel: 40, right: 0.9, random });
    const dim = answersOf({ outputOf: inOrder(98), perLabel: 3, right: 0.3, random });
    const answers = {
      labels: [...plain.labels, ...dim.labels.map((label) => label + 2)],
      predictions: [...plain.predictions, ...dim.predictions.map((output) => output + 2)],
      ...{ numLabels: 100, numOutputs: 100 },
    };
    assert.deepEqual(weighReadings(answers, inOrder(100)).best, [1, 0, ...inOrder(100).slice(2)]);
  });

  it("is that many are exchanged of which each has few examples, and none of those that are guessed at", () => {
    const pairs = inOrder(40).map((label) => label ^ 1);
    const plain = answersOf({ outputOf: pairs, perLabel: 4, right: 0.95, random });
    const dim = answersOf({ outputOf: inOrder(60), perLabel: 3, right: 0.3, random });
    const answers = {
      labels: [...plain.labels, ...dim.labels.map((label) => label + 40)],
      predictions: [...plain.predictions, ...dim.predictions.map((output) => output + 40)],
      ...{ numLabels: 100, numOutputs: 100 },
    };
    const { best } = weighReadings(answers, inOrder(100));
    assert.ok(pairs.filter((output, label) => best[label] === output).length >= 36);
    assert.deepEqual(best.slice(40), inOrder(100).slice(40));
  });

  it("is that all are in another order, even of four examples each", () => {
    const order = permutation(100, random);
    const answers = answersOf({ outputOf: order, perLabel: 4, right: 0.9, random });
    const { best, pDeclared } = weighReadings(answers, inOrder(100));
    assert.ok(pDeclared < 1e-6);
    assert.ok(order.filter((output, label) => best[label] === output).length > 90);
  });
});

describe("a model that does not tell labels apart", () => {
  it("contradicts no names, however skewed the set", () => {
    const labels = [...new Array<number>(40).fill(0), ...new Array<number>(360).fill(1)];
    for (const declared of [
      [0, 1],
      [1, 0],
    ]) {
      const evidence = weighReadings(
        { labels, predictions: labels.map(() => 0), numLabels: 2, numOutputs: 2 },
        declared,
      );
      assert.deepEqual(evidence.best, declared);
      assert.equal(evidence.isDecided, false);
    }
  });

  it("seems to contradict them about as often as it should: less than once in 200 times", () => {
    const random = seededRandom(5);
    for (const size of [2, 4, 10]) {
      let wrong = 0;
      for (let trial = 0; trial < 400; trial += 1) {
        const answers = answersOf({ outputOf: inOrder(size), perLabel: 30, right: 0, random });
        if (!sameReading(weighReadings(answers, inOrder(size)).best, inOrder(size))) wrong += 1;
      }
      assert.ok(wrong <= 2, `${wrong} of 400 of ${size} classes`);
    }
  });
});

describe("a model that mixes two of three labels up", () => {
  it("keeps their names, and the rest is decided", () => {
    const random = seededRandom(2);
    const labels = [0, 1, 2].flatMap((label) => new Array<number>(60).fill(label));
    const predictions = labels.map((label) => (label === 0 ? 0 : 1 + Math.floor(random() * 2)));
    const evidence = weighReadings({ labels, predictions, numLabels: 3, numOutputs: 3 }, [0, 1, 2]);
    assert.deepEqual(evidence.best, [0, 1, 2]);
    assert.ok(evidence.isDecided);
    assert.deepEqual(evidence.second, [0, 2, 1]);
    assert.ok(evidence.pSecond > 0.01);
  });
});
