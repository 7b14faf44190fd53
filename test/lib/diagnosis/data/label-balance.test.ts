import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { countsInPrefix } from "../../../../lib/src/data/review-set";
import { imdbLabelRuns } from "../../../../lib/src/data/imdb";
import { labelBalance } from "../../../../lib/src/diagnosis/data/label-balance";
import { alternating, answersClearly, ask, setOf, sorted } from "./odd-sets";

const FOUR = { 0: "A", 1: "B", 2: "C", 3: "D" };

describe("label-balance", () => {
  it("passes as many of each, and a share that few rows give by chance", async () => {
    const even = await ask(labelBalance, { train: setOf(sorted(50, 50)) });
    assert.equal(even.verdict, "pass");
    assert.equal(even.found, "The least even is train: of 100 rows 50.0 % NEGATIVE and 50.0 % POSITIVE.");
    assert.equal((await ask(labelBalance, { train: setOf(sorted(14, 6)) })).verdict, "pass");
    assert.equal((await ask(labelBalance, { train: setOf(sorted(140, 60)) })).verdict, "warn");
  });

  it("fails the story's training set", async () => {
    const { 0: negative = 0, 1: positive = 0 } = countsInPrefix(imdbLabelRuns("train"), 15_000);
    const { verdict, found, numbers, evidence } = await ask(labelBalance, {
      train: setOf(sorted(negative, positive)),
    });
    assert.equal(verdict, "fail");
    assert.equal(
      found,
      "train is 83.3 % NEGATIVE and 16.7 % POSITIVE, 5.0 to 1 (with 95 % confidence at least 4.8 to 1); " +
        "always saying NEGATIVE is right as often.",
    );
    assert.equal(numbers?.["trainRatio"], 5);
    assert.deepEqual(
      evidence?.map(({ kind }) => kind),
      ["table", "chart"],
    );
  });

  it("fails a set of one label, without a ratio that is infinite", async () => {
    const result = await ask(labelBalance, { train: setOf(sorted(50, 50)), validation: setOf(sorted(150)) });
    assert.equal(result.verdict, "fail");
    assert.match(result.found, /^validation is 100\.0 % NEGATIVE and 0\.0 % POSITIVE, no row of POSITIVE/u);
    assert.match(result.advice ?? "", /validation/u);
    assert.ok(!("validationRatio" in (result.numbers ?? {})));
  });

  it("weighs many labels by the rarest", async () => {
    const ofFour = (rarest: number) =>
      ask(labelBalance, { train: setOf(sorted(400, 400, 400, rarest), { id2label: FOUR }) });
    assert.deepEqual(
      (await Promise.all([150, 80, 20].map(ofFour))).map(({ verdict }) => verdict),
      ["pass", "warn", "fail"],
    );
    assert.match((await ofFour(80)).found, /^train is 31\.3 % A and 6\.3 % D, 5\.0 to 1/u);
  });

  it("leaves out what comes in later, whose labels may be guesses", async () => {
    const { verdict } = await ask(labelBalance, {
      train: setOf(alternating(20, 20)),
      incoming: setOf(sorted(500)),
    });
    assert.equal(verdict, "pass");
  });

  answersClearly(labelBalance);
});
