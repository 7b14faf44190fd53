import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { chanceVariation } from "../../../../lib/src/diagnosis/data/label-shift";
import { splitBalance } from "../../../../lib/src/diagnosis/data/split-balance";
import { seededRandom } from "../../../../lib/src/runtime/random";
import { answersClearly, ask, setOf, sorted } from "./odd-sets";

const train = setOf(sorted(500, 500));

describe("split-balance", () => {
  it("passes equal shares, and a difference that few rows give by chance", async () => {
    assert.equal((await ask(splitBalance, { train, test: setOf(sorted(100, 100)) })).verdict, "pass");
    // 75 to 25 of 20 rows is nothing, 65 to 35 of 2,000 a warning, and 61 to 39 is too little whatever its p
    assert.equal((await ask(splitBalance, { train, test: setOf(sorted(15, 5)) })).verdict, "pass");
    assert.equal((await ask(splitBalance, { train, test: setOf(sorted(183, 117)) })).verdict, "pass");
    const warned = await ask(splitBalance, { train, test: setOf(sorted(1_300, 700)) });
    assert.equal(warned.verdict, "warn");
    assert.equal(
      warned.found,
      "NEGATIVE is 50.0 % of train and 65.0 % of test: the shares differ by 15.0 points, where chance gives 1.5 points (p < 0.001).",
    );
  });

  it("fails a validation set of one label, and says which pair is worst", async () => {
    const result = await ask(splitBalance, {
      train: setOf(sorted(1_000, 200)),
      validation: setOf(sorted(150)),
      test: setOf(sorted(100, 100)),
    });
    assert.equal(result.verdict, "fail");
    assert.match(result.found, /100\.0 % of validation and 50\.0 % of test/u);
    assert.equal(result.numbers?.["validationTestVariation"], 0.5);
    assert.ok(Math.abs((result.numbers["trainValidationVariation"] ?? 0) - 1 / 6) < 1e-12);
  });

  it("compares labels by name where the sets number them differently", async () => {
    const swapped = setOf(sorted(90, 10), { id2label: { 0: "positive", 1: "negative" } });
    const { verdict, found } = await ask(splitBalance, { train: setOf(sorted(100, 900)), test: swapped });
    assert.equal(verdict, "pass");
    assert.match(found, /NEGATIVE is 10\.0 % of train and 10\.0 % of test/u);
  });

  it("does not take what a hundred labels differ by in few rows for a difference", async () => {
    const id2label = Object.fromEntries(Array.from({ length: 100 }, (_, label) => [label, `class ${label}`]));
    const random = seededRandom(3);
    const draw = (rows: number) =>
      setOf(
        Array.from({ length: rows }, () => Math.floor(random() * 100)),
        { id2label },
      );
    const { verdict, numbers } = await ask(splitBalance, { train: draw(2_000), test: draw(150) });
    assert.equal(verdict, "pass");
    assert.ok((numbers?.["trainTestVariation"] ?? 0) > 0.25);
  });

  answersClearly(splitBalance);
});

describe("the variation that chance gives", () => {
  it("is what drawing gives on average", () => {
    const random = seededRandom(1);
    const shares = [0.5, 0.3, 0.2];
    const draw = (rows: number) => {
      const counts = [0, 0, 0];
      for (let row = 0; row < rows; row += 1) {
        const value = random();
        const label = value < 0.5 ? 0 : value < 0.8 ? 1 : 2;
        counts[label] = (counts[label] ?? 0) + 1 / rows;
      }
      return counts;
    };
    const variations = Array.from({ length: 2_000 }, () => {
      const [one, other] = [draw(60), draw(200)];
      return one.reduce((sum, share, label) => sum + Math.abs(share - (other[label] ?? 0)), 0) / 2;
    });
    const mean = variations.reduce((sum, value) => sum + value, 0) / variations.length;
    const expected = chanceVariation(shares, 1 / 60 + 1 / 200);
    assert.ok(Math.abs(mean / expected - 1) < 0.03, `${mean} drawn, ${expected} expected`);
  });
});
