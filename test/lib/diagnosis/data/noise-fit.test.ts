import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { confidenceRanks } from "../../../../lib/src/diagnosis/data/confidence-ranks";
import { fitNoise, type NoiseFit } from "../../../../lib/src/diagnosis/data/noise-fit";
import { madeUpAnswers, type MadeUpParams } from "./made-up-answers";

function fitOf(params: MadeUpParams): NoiseFit {
  const answers = madeUpAnswers(params);
  return fitNoise({
    confidences: answers.map(({ confidence }) => confidence),
    answers: answers.map(({ answer }) => answer),
    labels: answers.map(({ label }) => label),
    classes: params.classes ?? 2,
  });
}

describe("the estimate of wrong labels", () => {
  for (const distance of [1.2, 2, 4])
    for (const share of [0, 0.05, 0.15, 0.3])
      it(`is ${share} within its bounds, of a model that is right ${["73", "84", "98"][[1.2, 2, 4].indexOf(distance)] ?? ""} times of 100`, () => {
        const fit = fitOf({ count: 20_000, distance, wrong: () => share, seed: 5 });
        assert.ok(Math.abs(fit.share - share) <= 0.02, `${fit.share}`);
        assert.ok(
          fit.atLeast <= share + 1e-12 && fit.atMost >= share - 1e-12,
          `${fit.atLeast} ${fit.atMost}`,
        );
        assert.ok(fit.atMost - fit.atLeast < 0.1);
      });

  it("holds of more labels than two", () => {
    for (const share of [0, 0.15]) {
      const fit = fitOf({ count: 10_000, classes: 5, distance: 3, wrong: () => share });
      assert.ok(Math.abs(fit.share - share) <= 0.03, `${fit.share}`);
      assert.deepEqual(
        fit.byAnswer.map(({ answer, texts }) => [answer, texts]),
        [[null, 10_000]],
      );
    }
  });

  it("says of which answer the labels are wrong, and how many that makes of all", () => {
    const { share, byAnswer } = fitOf({ count: 4_000, wrong: (label) => (label === 1 ? 0.2 : 0) });
    const [negative, positive] = byAnswer;
    assert.ok(Math.abs(share - 0.1) < 0.02, `${share}`);
    const weighed = byAnswer.reduce((sum, one) => sum + (one.texts / 4_000) * one.share, 0);
    assert.ok(Math.abs(share - weighed) < 1e-12, "of all it is what it is of both");
    assert.ok(negative && negative.share < 0.03 && negative.atLeast === 0);
    assert.ok(positive && positive.atLeast > 0.15 && positive.atMost < 0.25);
  });

  it("uses of confidences nothing but their order", () => {
    const answers = madeUpAnswers({ count: 1_000, wrong: () => 0.1 });
    const plain = {
      answers: answers.map(({ answer }) => answer),
      labels: answers.map(({ label }) => label),
      classes: 2,
    };
    const confidences = answers.map(({ confidence }) => confidence);
    const one = fitNoise({ ...plain, confidences });
    const other = fitNoise({ ...plain, confidences: confidences.map((value) => 1 - Math.exp(-value / 10)) });
    assert.deepEqual(one, other);
  });

  it("is open where a model is as sure of everything", () => {
    const labels = Array.from({ length: 400 }, (_, index) => index % 2);
    const answers = labels.map((label, index) => (index % 5 === 0 ? 1 - label : label));
    const { atLeast, atMost } = fitNoise({ labels, answers, confidences: labels.map(() => 1), classes: 2 });
    assert.equal(atLeast, 0);
    assert.ok(atMost >= 0.2);
  });

  it("is nothing of perfect answers", () => {
    const labels = Array.from({ length: 400 }, (_, index) => index % 2);
    const { share, errorChances } = fitNoise({
      labels,
      answers: labels,
      confidences: labels.map((_, at) => at),
      classes: 2,
    });
    assert.equal(share, 0);
    assert.ok(errorChances.every((chance) => chance >= 0 && chance <= 0.5));
  });
});

describe("confidence ranks", () => {
  it("are deviates that a share of all exceed, equal ones alike", () => {
    const [least = NaN, middle = NaN, most = NaN, same = NaN] = confidenceRanks([1, 2, 7, 2]);
    // shares 1/8, 4/8 and 7/8 lie above, halved for the two tails: scipy.stats.norm.isf(share / 2)
    assert.ok(
      Math.abs(most - 1.5341205) < 1e-6 &&
        Math.abs(middle - 0.6744898) < 1e-6 &&
        Math.abs(least - 0.1573107) < 1e-6,
    );
    assert.equal(same, middle);
  });
});
