import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";

import { truncation } from "../../../../lib/src/diagnosis/data/truncation";
import { cutAt, cutOf } from "../../../../lib/src/diagnosis/data/truncation-lengths";
import { DOWNLOADS } from "../../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import { alternating, answersClearly, ask, setOf } from "./odd-sets";

const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));

/** Texts of so many tokens, of which two are special. */
function ofTokens(rows: number, tokens: (row: number) => number) {
  return setOf(alternating(rows / 2, rows / 2), { text: (row) => "good ".repeat(tokens(row) - 2) });
}

describe("truncation", () => {
  it("passes where nothing is cut, and where little is", async () => {
    const whole = await ask(truncation, { train: ofTokens(100, () => 16), tokenizer, maxLength: 16 });
    assert.equal(whole.verdict, "pass");
    assert.match(
      whole.found,
      /^0\.0 % of train's texts .* are longer than 16 tokens, and 0\.0 % of all its tokens/u,
    );
    const little = ofTokens(100, (row) => (row < 6 ? 40 : 16));
    assert.equal((await ask(truncation, { train: little, tokenizer, maxLength: 16 })).verdict, "pass");
  });

  it("warns where much is cut, and says which length would do", async () => {
    const train = ofTokens(100, (row) => (row % 5 < 2 ? 40 : 16));
    const { verdict, found, advice, numbers } = await ask(truncation, { train, tokenizer, maxLength: 16 });
    assert.equal(verdict, "warn");
    // 40 of 100 texts lose 24 of their 40 tokens: 960 of 2,560
    assert.match(
      found,
      /^40\.0 % of train's texts \(95 % confidence: 30\.9 % to 49\.8 %\) are longer than 16 tokens/u,
    );
    assert.match(found, /37\.5 % of all its tokens are never read\.$/u);
    assert.match(advice ?? "", /^Raise maxLength to 64, at which 100\.0 %/u);
    assert.equal(numbers?.["trainLostShare"], 0.375);
  });

  it("fails where three quarters of the tokens are never read", async () => {
    const { verdict } = await ask(truncation, { train: ofTokens(60, () => 80), tokenizer, maxLength: 16 });
    assert.equal(verdict, "fail");
  });

  it("warns where one label is cut and the other is not", async () => {
    const train = ofTokens(400, (row) => (row % 2 === 1 && row % 5 < 2 ? 17 : 16));
    const { verdict, found } = await ask(truncation, { train, tokenizer, maxLength: 16 });
    assert.equal(verdict, "warn");
    assert.match(found, /one label's are cut 40\.0 % more often than another's\.$/u);
  });

  it("measures a sample of a large set, the same for the same seed", async () => {
    const train = ofTokens(6_000, (row) => (row % 4 === 0 ? 20 : 8));
    const measure = (seed: number) => ask(truncation, { train, tokenizer, maxLength: 16, seed });
    const [one, again, other] = [await measure(1), await measure(1), await measure(2)];
    assert.match(one.found, /measured on 2,000 texts/u);
    assert.deepEqual(one, again);
    assert.notDeepEqual(one.numbers, other.numbers);
    assert.ok(
      (one.numbers?.["trainCutShareLow"] ?? 1) < 0.25 && (one.numbers?.["trainCutShareHigh"] ?? 0) > 0.25,
    );
  });

  it("counts a megabyte by its beginning", async () => {
    const train = setOf([0, 1], { text: () => "good ".repeat(200_000) });
    const { verdict, evidence } = await ask(truncation, { train, tokenizer, maxLength: 16 });
    assert.equal(verdict, "fail");
    assert.ok(evidence?.[0]?.kind === "table");
    const longest = Number(evidence[0].rows[0]?.[3]);
    assert.ok(Math.abs(longest / 200_000 - 1) < 0.01, `${longest} tokens`);
  });

  answersClearly(truncation, () => ({ tokenizer }));
});

describe("what is lost", () => {
  const lengths = [5, 10, 30].map((tokens) => ({ tokens, lost: 0 }));

  it("is a share with an error, at any length", () => {
    const { share, lostShare, lostError } = cutAt(lengths, 10);
    assert.deepEqual([share, lostShare], [1 / 3, 20 / 45]);
    // by hand: residuals 0 - 20/9, 0 - 40/9 and 20 - 120/9 over 45
    assert.ok(Math.abs(lostError - Math.hypot(20 / 9, 40 / 9, 60 / 9) / 45) < 1e-12);
    assert.equal(cutAt(lengths, 30).lostShare, 0);
  });

  it("is nothing of nothing", () => {
    assert.deepEqual(cutOf([]), { texts: 0, share: 0, interval: [0, 1], lostShare: 0, lostError: 0 });
  });
});
