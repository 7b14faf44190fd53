import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { hardLanguage } from "../../../../lib/src/diagnosis/behaviour/hard-language";
import { findingOf, OPINION, wordSubject } from "./word-subject";

const NEGATION = ["not", "never", "isn"];

describe("hard language", () => {
  it("passes a model that reads negation, and tells what it is weak at", async () => {
    const { verdict, found, numbers } = await findingOf(hardLanguage, wordSubject({ loud: NEGATION }));
    assert.equal(verdict, "pass");
    assert.match(
      found,
      /^Praise that is negated .* in 43 of 43 sentences.*negated blame \(100\.0 % wrong\)/u,
    );
    assert.equal(numbers?.["negated blame: wrong"], 1);
  });

  it("warns of a model that does not", async () => {
    const blame = OPINION.blame.filter((word) => !NEGATION.includes(word));
    const { verdict, found, evidence } = await findingOf(hardLanguage, wordSubject({ blame }));
    assert.equal(verdict, "warn");
    assert.match(found, /and wrongly in 83\.7 %/u);
    assert.ok(evidence?.some(({ kind }) => kind === "chart"));
  });
});
