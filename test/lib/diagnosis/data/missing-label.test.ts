import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { SENTIMENT } from "../../../../lib/src/data/snippets";
import { missingLabel } from "../../../../lib/src/diagnosis/data/missing-label";
import { answersClearly, ask, setOf, sorted } from "./odd-sets";

const train = setOf(sorted(50, 50));

describe("missing-label", () => {
  it("passes sets that hold every label", async () => {
    const { verdict, found } = await ask(missingLabel, { train, test: setOf(sorted(10, 12)) });
    assert.equal(verdict, "pass");
    assert.equal(found, "Yes; the fewest rows are 10 of NEGATIVE in test.");
  });

  it("fails the story's validation set", async () => {
    const { verdict, found, advice, numbers } = await ask(missingLabel, {
      train,
      validation: setOf(sorted(1_500)),
    });
    assert.equal(verdict, "fail");
    assert.equal(found, "validation has 1,500 rows and none of them is POSITIVE.");
    assert.match(advice ?? "", /^Draw validation from all labels/u);
    assert.equal(numbers?.["validationMissing"], 1);
  });

  it("fails an empty set, and a label that only the mapping knows", async () => {
    assert.match(
      (await ask(missingLabel, { train, validation: setOf([]) })).found,
      /^validation has no rows\.$/u,
    );
    const result = await ask(missingLabel, { train, id2label: { ...SENTIMENT, 2: "NEUTRAL", 3: "MIXED" } });
    assert.equal(result.verdict, "fail");
    assert.equal(result.found, "train has 100 rows and none of them is NEUTRAL or MIXED.");
  });

  it("finds a label that is absent because the set's own names lack it", async () => {
    const validation = setOf(sorted(30), { id2label: { 0: "negative" } });
    assert.match((await ask(missingLabel, { train, validation })).found, /none of them is POSITIVE/u);
  });

  it("warns of a label with too few rows to measure by", async () => {
    const { verdict, found, evidence } = await ask(missingLabel, { train, test: setOf(sorted(50, 9)) });
    assert.equal(verdict, "warn");
    assert.equal(found, "test has only 9 rows of POSITIVE.");
    const recalls = evidence?.[1];
    assert.ok(recalls?.kind === "table");
    // Wilson's formula for 7.2 hits of 9, computed in Python
    assert.deepEqual(recalls.rows[1]?.slice(0, 3), ["test", "POSITIVE", 9]);
    assert.ok(Math.abs(Number(recalls.rows[1][3]) - 0.4737885) < 1e-6);
  });

  it("fails where there is one label only, which leaves nothing to tell apart", async () => {
    const only = setOf(sorted(20), { id2label: { 0: "SPAM" } });
    const { verdict, found } = await ask(missingLabel, { train: only });
    assert.equal(verdict, "fail");
    assert.equal(found, "SPAM is the only label that is meant.");
  });

  answersClearly(missingLabel);
});
