import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { learningCurve } from "../../../../lib/src/diagnosis/training/learning-curve";
import { fallAtEnd } from "../../../../lib/src/diagnosis/training/training-log";
import type { LogEntry } from "../../../../lib/src/training/trainer-state";
import { ask, setOf, sorted } from "../data/odd-sets";
import { answersClearlyOf } from "./tiny-subject";

const sets = { train: setOf(sorted(100, 100)), validation: setOf(sorted(150, 150)) };

/** A log of a loss, and of one of the validation set, every 10 steps; what is undefined was not logged. */
function log(
  loss: readonly number[],
  evaluation: readonly (number | undefined)[] = [],
  rate = 5e-5,
): LogEntry[] {
  return Array.from({ length: Math.max(loss.length, evaluation.length) }, (_, index) => {
    const at = { step: 10 * (index + 1), epoch: (index + 1) / 4 };
    const [trained, evaluated] = [loss[index], evaluation[index]];
    return [
      ...(trained === undefined ? [] : [{ ...at, loss: trained, learning_rate: rate }]),
      ...(evaluated === undefined ? [] : [{ ...at, eval_loss: evaluated }]),
    ];
  }).flat();
}

const asked = (logHistory: readonly LogEntry[], rest: Subject = sets) =>
  ask(learningCurve, { ...rest, run: { logHistory } });

const GOOD = [0.68, 0.6, 0.5, 0.44, 0.4, 0.37, 0.35, 0.34, 0.33, 0.34, 0.32, 0.33];
const GOOD_ELSEWHERE = [0.69, 0.6, 0.5, 0.45, 0.42, 0.4, 0.39, 0.38, 0.38, 0.39, 0.38, 0.38];

describe("learning-curve", () => {
  it("passes a run that converged", async () => {
    const { verdict, found, evidence } = await asked(log(GOOD, GOOD_ELSEWHERE));
    assert.equal(verdict, "pass");
    assert.match(
      found,
      /^The run converged: the training loss ended at 0\.33 and the validation loss at 0\.38/u,
    );
    assert.equal(evidence?.length, 1);
  });

  it("passes the notebooks' runs that went well, of which the longest fits its own texts ever better", async () => {
    const short = log([0.681, 0.563, 0.476, 0.483, 0.459], [0.619, 0.488, 0.423, 0.413, 0.403]);
    assert.equal((await asked(short)).verdict, "pass");
    const long = log(
      [
        ...[0.679, 0.559, 0.472, 0.448, 0.403, 0.304, 0.322],
        ...[0.316, 0.315, 0.248, 0.225, 0.179, 0.208, 0.172, 0.185],
      ],
      [
        ...[0.601, 0.455, 0.425, 0.375, 0.334, 0.327, 0.345],
        ...[0.311, 0.326, 0.306, 0.331, 0.348, 0.328, 0.328, 0.328],
      ],
    );
    assert.equal((await asked(long)).verdict, "pass");
  });

  it("fails a loss that is no number, and names the first step of it, as programs write it too", async () => {
    for (const broken of [NaN, Infinity, null as unknown as number]) {
      const { verdict, found } = await asked(log([0.68, 0.6, broken, broken]));
      assert.equal(verdict, "fail");
      assert.equal(found, "The run diverged: its loss is no number from step 30 on.");
    }
  });

  it("fails a loss that was thrown up and came back to guessing, not one that recovered", async () => {
    const { verdict, found, advice } = await asked(log([0.7, 3.1, 1.4, 0.8, 0.72, 0.7, 0.7, 0.69]));
    assert.equal(verdict, "fail");
    assert.match(found, /^The run diverged: its loss rose to 3\.1 and ended at 0\.695/u);
    assert.match(advice ?? "", /^Lower/u);
    assert.equal((await asked(log([1.4, ...GOOD]))).verdict, "pass");
  });

  it("fails a run that learned nothing and warns of one that learned little, by the shares of the labels", async () => {
    const failed = await asked(log(new Array<number>(10).fill(0.69)));
    assert.equal(failed.verdict, "fail");
    assert.match(failed.advice ?? "", /^Train longer/u);
    const rash = await asked(log(new Array<number>(10).fill(0.69), [], 1e-3));
    assert.match(rash.advice ?? "", /^Lower the learning rate: it went up to 0\.001/u);
    assert.equal((await asked(log([0.69, 0.66, 0.64, 0.62]))).verdict, "warn");
    // of labels of which nine of ten are one, guessing has 0.325: a loss of 0.32 is no success
    const rare = { train: setOf(sorted(180, 20)) };
    assert.equal((await asked(log([0.5, 0.33, 0.32, 0.32]), rare)).verdict, "fail");
    assert.equal((await asked(log([0.5, 0.3, 0.2, 0.15]), rare)).verdict, "pass");
  });

  it("warns of a validation loss that rises while the training loss falls, and fails where it is that of guessing", async () => {
    const learned = [0.6, 0.4, 0.25, 0.12, 0.06, 0.03];
    const warned = await asked(log(learned, [0.5, 0.4, 0.42, 0.5, 0.55, 0.6]));
    assert.equal(warned.verdict, "warn");
    assert.match(warned.found, /lowest at step 20 \(0\.4\) and is 0\.6 at the end, while.* 0\.045\.$/u);
    const failed = await asked(log(learned, [0.6, 0.55, 0.6, 0.7, 0.8, 0.9]));
    assert.equal(failed.verdict, "fail");
    const byHeart = await asked(log(learned, [0.72, 0.71, 0.7, 0.69, 0.69, 0.69]));
    assert.equal(byHeart.verdict, "fail");
  });

  it("passes a rise that so few validation texts cannot show", async () => {
    const rising = log(GOOD, [0.5, 0.4, 0.42, 0.43, 0.45, 0.48]);
    assert.equal((await asked(rising)).verdict, "warn");
    assert.equal((await asked(rising, { ...sets, validation: setOf(sorted(20, 20)) })).verdict, "pass");
  });

  it("warns of a run that ended while both losses still fell steeply", async () => {
    const falling = Array.from({ length: 12 }, (_, index) => 0.69 - 0.035 * index);
    const { verdict, found } = await asked(log(falling, falling));
    assert.equal(verdict, "warn");
    assert.match(found, /^The run ended too early: its loss still fell by 0\.105 ± /u);
    // on other texts it no longer fell: what is left is learned by heart
    const flat = falling.map((value) => Math.max(value, 0.42));
    assert.equal((await asked(log(falling, flat))).verdict, "pass");
  });

  it("warns where the log holds no loss", async () => {
    const { verdict, advice } = await asked([{ step: 30, epoch: 1, train_runtime: 3 }]);
    assert.equal(verdict, "warn");
    assert.match(advice ?? "", /loggingSteps/u);
  });

  it("judges by what there is: validation losses alone, no sets, a single value", async () => {
    assert.equal((await asked(log([], GOOD_ELSEWHERE))).verdict, "pass");
    assert.equal((await asked(log(GOOD), {})).verdict, "pass");
    assert.equal((await asked(log([0.3]))).verdict, "pass");
    // without a set, guessing is what the run began with
    const unknown = await asked(log([0.69, 0.69, 0.69]), {});
    assert.equal(unknown.verdict, "fail");
    assert.equal(unknown.numbers?.["guessing"], 0.69);
  });

  answersClearlyOf(learningCurve, (set) => ({
    ...{ train: set, validation: set, run: { logHistory: log(GOOD, GOOD_ELSEWHERE) } },
  }));
});

describe("the fall of a loss at the end", () => {
  const values = (numbers: readonly number[]) => numbers.map((value, step) => ({ step, value }));

  it("is the difference of the last two quarters, without error where it is steady", () => {
    const steady = fallAtEnd(values([8, 7, 6, 5, 4, 3, 2, 1]));
    assert.equal(steady?.size, 2);
    assert.ok(steady.error < 1e-12);
  });

  it("has the error of values that scatter, and none of too few", () => {
    // neighbours differ by 2, -2, 2 around 2/3: a variance of 8/3
    const fall = fallAtEnd(values([0, 0, 0, 0, 1, 3, 1, 3]));
    assert.equal(fall?.size, 0);
    assert.ok(Math.abs(fall.error - Math.sqrt(8 / 3)) < 1e-12);
    assert.equal(fallAtEnd(values([1, 2, 3, 4, 5, 6, 7])), undefined);
  });
});
