import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { labelOrder } from "../../../../lib/src/diagnosis/data/label-order";
import { measureSequence } from "../../../../lib/src/diagnosis/data/label-sequence";
import { alternating, answersClearly, ask, setOf, sorted } from "./odd-sets";

function blocks(length: number, count: number): number[] {
  return Array.from({ length: length * count }, (_, row) => Math.floor(row / length) % 2);
}

describe("label-order", () => {
  it("fails a sorted set, in every split, and says where the label changes and what a prefix takes", async () => {
    const shuffled = setOf(sorted(200, 200)).shuffle(1);
    const train = setOf(sorted(2_500, 2_500));
    const { verdict, found, evidence } = await ask(labelOrder, { train, test: shuffled });
    assert.equal(verdict, "fail");
    assert.equal(
      found,
      "train is sorted by label, NEGATIVE from row 0 and POSITIVE from row 2,500; " +
        "the first 2,500 of 5,000 rows are 100.0 % NEGATIVE, all of them 50.0 %.",
    );
    const prefixes = evidence?.find((spec) => spec.title === "What the first rows of train hold");
    assert.ok(prefixes?.kind === "table");
    assert.deepEqual(prefixes.rows[5]?.slice(0, 2), [3_000, 2_500 / 3_000]);
    assert.equal((await ask(labelOrder, { train: shuffled, test: train })).verdict, "fail");
    assert.match(
      (await ask(labelOrder, { train, test: train })).found,
      /^train is sorted.*\. test is sorted too\.$/u,
    );
  });

  it("fails ten sorted rows and passes eight, which chance sorts more often", async () => {
    assert.equal((await ask(labelOrder, { train: setOf(sorted(5, 5)) })).verdict, "fail");
    assert.equal((await ask(labelOrder, { train: setOf(sorted(4, 4)) })).verdict, "pass");
    // 2 · 5! · 5! / 10!
    assert.ok(Math.abs((measureSequence(sorted(5, 5), 2)?.sortedChance ?? 0) - 2 / 252) < 1e-12);
  });

  it("passes a shuffled set, and one that alternates", async () => {
    const shuffled = await ask(labelOrder, { train: setOf(sorted(500, 100)).shuffle(1) });
    assert.equal(shuffled.verdict, "pass");
    assert.match(shuffled.found, /^The label changes 1\d\d times in train \(shuffled: 167\)/u);
    const { verdict, numbers } = await ask(labelOrder, { train: setOf(alternating(100, 100)) });
    assert.equal(verdict, "pass");
    assert.ok((numbers?.["trainStickiness"] ?? 0) < -0.9);
  });

  it("fails long blocks and warns of short ones", async () => {
    const long = await ask(labelOrder, { train: setOf(blocks(50, 40)) });
    assert.equal(long.verdict, "fail");
    assert.equal(
      long.found,
      "train lies in blocks: its label changes 39 times, where a shuffled set's changes about 1,000 times; " +
        "the longest block is 50 rows of NEGATIVE from row 0.",
    );
    assert.ok(Math.abs((long.numbers?.["trainStickiness"] ?? 0) - (1 - 2 / 50)) < 0.002);
    assert.equal((await ask(labelOrder, { train: setOf(blocks(3, 200)) })).verdict, "warn");
  });

  it("sees shares that shift although neighbours are as different as in a shuffled set", async () => {
    // 2 in 3 negative at first, 2 in 3 positive in the end
    const shifting = Array.from({ length: 1_200 }, (_, row) =>
      Number(row < 600 ? row % 3 === 2 : row % 3 !== 2),
    );
    const { verdict, found, numbers } = await ask(labelOrder, { train: setOf(shifting) });
    assert.equal(verdict, "warn");
    assert.match(
      found,
      /shift from its beginning to its end; the first 600 of 1,200 rows are 66\.7 % NEGATIVE/u,
    );
    assert.ok((numbers?.["trainStickiness"] ?? 1) < 0);
  });

  it("does not suspect a single odd row at the beginning", async () => {
    assert.equal((await ask(labelOrder, { train: setOf([1, ...sorted(9)]) })).verdict, "pass");
    assert.equal((await ask(labelOrder, { train: setOf([0, 1, ...sorted(98)]) })).verdict, "pass");
  });

  answersClearly(labelOrder);
});
