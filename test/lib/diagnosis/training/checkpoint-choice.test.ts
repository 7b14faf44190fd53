import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { ReviewSet } from "../../../../lib/src/data/review-set";
import { checkpointChoice } from "../../../../lib/src/diagnosis/training/checkpoint-choice";
import { ask, setOf, sorted } from "../data/odd-sets";
import { answersClearlyOf } from "./tiny-subject";

const EVEN = setOf(sorted(200, 200)).rename("validation");

/** A run with these values of a metric, whose best was chosen at a step. */
function runOf(values: readonly number[], metric = "accuracy", best = values.indexOf(Math.max(...values))) {
  const logHistory = values.map((value, index) => ({
    ...{ step: 10 * (index + 1), epoch: index, eval_loss: 0.5 - 0.01 * index },
    [`eval_${metric}`]: value,
  }));
  return { logHistory, bestGlobalStep: 10 * (best + 1), metricForBestModel: metric };
}

const asked = (values: readonly number[], validation: ReviewSet = EVEN) =>
  ask(checkpointChoice, { run: runOf(values), validation });

describe("checkpoint-choice", () => {
  it("passes a metric that tells checkpoints apart, by whatever name it was given", async () => {
    for (const metricForBestModel of ["accuracy", "eval_accuracy"]) {
      const run = { ...runOf([0.7, 0.8, 0.86, 0.85]), metricForBestModel };
      const { verdict, found } = await ask(checkpointChoice, { run, validation: EVEN });
      assert.equal(verdict, "pass");
      assert.match(
        found,
        /^The best eval_accuracy of 4 checkpoints is 86\.0 % .* on 400 rows, the worst 70\.0 %/u,
      );
    }
  });

  it("fails a validation set of one label, as the story's was, whatever the metric", async () => {
    const one = setOf(sorted(300)).rename("validation");
    const { verdict, found, numbers } = await asked([1, 1, 0.99, 0.97], one);
    assert.equal(verdict, "fail");
    assert.match(found, /^validation has one label alone in 300 rows, so that accuracy takes/u);
    assert.equal(numbers?.["bestStep"], 10);
    const byLoss = await ask(checkpointChoice, { run: runOf([0.1, 0.05], "loss"), validation: one });
    assert.equal(byLoss.verdict, "fail");
  });

  it("fails a best value that a constant answer scores, and not one well above", async () => {
    const uneven = setOf(sorted(340, 60)).rename("validation");
    const { verdict, found } = await asked([0.85, 0.85, 0.86, 0.855], uneven);
    assert.equal(verdict, "fail");
    assert.match(
      found,
      /^The best eval_accuracy is 86\.0 % .* always giving the same answer scores 85\.0 %/u,
    );
    assert.equal((await asked([0.85, 0.9, 0.93, 0.92], uneven)).verdict, "pass");
  });

  it("warns of a value that most checkpoints share, at the ceiling or below", async () => {
    for (const values of [
      [1, 1, 1],
      [0.7, 0.9, 0.9, 0.9],
    ]) {
      const { verdict, found } = await asked(values);
      assert.equal(verdict, "warn");
      assert.match(found, /at 3 of \d checkpoints, so that the first of these was kept/u);
    }
    assert.equal((await asked([0.7, 0.8, 0.9, 0.9])).verdict, "pass");
  });

  it("warns of differences that are within chance, and of a set that is too small for any", async () => {
    const chance = await asked([0.84, 0.85, 0.86, 0.85]);
    assert.equal(chance.verdict, "warn");
    assert.match(chance.found, /so few rows cannot tell them apart/u);
    const small = await asked([0.3, 0.7, 0.9, 0.8], setOf(sorted(5, 5)));
    assert.equal(small.verdict, "warn");
    assert.match(small.advice ?? "", /more rows than 10/u);
  });

  it("passes a loss that differs, and warns of one that does not", async () => {
    const byLoss = (values: readonly number[]) =>
      ask(checkpointChoice, {
        run: runOf(values, "loss", values.indexOf(Math.min(...values))),
        validation: EVEN,
      });
    const { verdict, found } = await byLoss([0.6, 0.4, 0.5]);
    assert.equal(verdict, "pass");
    assert.match(found, /^eval_loss chose step 20 \(0\.4\) of 3 checkpoints/u);
    assert.equal((await byLoss([0.6, 0.6, 0.6])).verdict, "warn");
  });

  it("passes where nothing was chosen, and warns where the log does not tell", async () => {
    const none = { logHistory: [], bestGlobalStep: null, metricForBestModel: null };
    assert.equal((await ask(checkpointChoice, { run: none, validation: EVEN })).verdict, "pass");
    assert.equal((await asked([0.8])).verdict, "pass");
    // transformers keeps its arguments where lib does not read them
    const unknown = { logHistory: [], bestGlobalStep: 30 };
    assert.equal((await ask(checkpointChoice, { run: unknown, validation: EVEN })).verdict, "pass");
    const one = setOf(sorted(30));
    assert.equal((await ask(checkpointChoice, { run: unknown, validation: one })).verdict, "fail");
    const { verdict, found } = await ask(checkpointChoice, {
      run: { ...none, metricForBestModel: "f1" },
      validation: EVEN,
    });
    assert.equal(verdict, "warn");
    assert.match(found, /0 values of eval_f1/u);
  });

  it("knows what a constant answer has of balanced accuracy, and nothing of other metrics", async () => {
    const uneven = setOf(sorted(340, 60));
    const of = async (metric: string) =>
      (await ask(checkpointChoice, { run: runOf([0.5, 0.52, 0.51], metric), validation: uneven })).verdict;
    assert.equal(await of("balanced_accuracy"), "fail");
    assert.equal(await of("f1"), "warn");
  });

  answersClearlyOf(checkpointChoice, (set) => ({ run: runOf([0.5, 0.7, 0.9, 0.8]), validation: set }));
});
