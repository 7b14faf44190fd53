import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { behaviourCases } from "../../../../lib/src/data/behaviour-cases";
import { ReviewSet } from "../../../../lib/src/data/review-set";
import { invariance } from "../../../../lib/src/diagnosis/behaviour/invariance";
import { findingOf, opinions, OPINION, wordSubject } from "./word-subject";

const test = opinions(200);

describe("invariance", () => {
  it("passes a model whose label hangs on several words", async () => {
    const { verdict, numbers } = await findingOf(invariance, { ...wordSubject(), test });
    assert.equal(verdict, "pass");
    assert.equal(numbers?.["texts"], 100);
    assert.equal(numbers["capital letters: turned"], 0);
  });

  it("finds names that decide, and says so", async () => {
    const names = behaviourCases().names.map((name) => name.toLowerCase());
    const [good, bad] = [names.slice(0, 10), names.slice(10)];
    const model = { praise: [...OPINION.praise, ...good], blame: [...OPINION.blame, ...bad], loud: names };
    const { verdict, found, evidence } = await findingOf(invariance, { ...wordSubject(model), test });
    assert.equal(verdict, "fail");
    assert.match(found, /another label by another name/u);
    assert.ok(evidence?.some(({ kind }) => kind === "chart"));
  });

  it("finds HTML that decides", async () => {
    const model = { blame: [...OPINION.blame, "br"], loud: ["br"] };
    const { verdict, found } = await findingOf(invariance, { ...wordSubject(model), test });
    assert.equal(verdict, "fail");
    assert.match(found, /by HTML/u);
  });

  it("warns where a change turns the label now and then", async () => {
    const model = { blame: [...OPINION.blame, "tuesday"], loud: ["tuesday"] };
    const { verdict, found } = await findingOf(invariance, { ...wordSubject(model), test });
    assert.equal(verdict, "warn");
    assert.match(found, /by a neutral sentence/u);
  });

  it("says nothing of a model that is never sure", async () => {
    const { verdict, found } = await findingOf(invariance, wordSubject({ praise: [], blame: [] }));
    assert.equal(verdict, "pass");
    assert.match(found, /sure .* of at most 0 texts, too few/u);
  });

  it("asks any classifier, and bears odd texts", async () => {
    const id2label = Object.fromEntries(Array.from({ length: 100 }, (_, id) => [id, `class ${id}`]));
    const texts = [
      "",
      " ",
      "\0",
      "\ud83d",
      "great ".repeat(200_000),
      "a".repeat(1_000_000),
      "great\n\nfilm <b>",
    ];
    const odd = new ReviewSet(
      "odd",
      texts.map((text) => ({ text, label: 0 })),
      id2label,
    );
    for (const train of [odd, odd.select([]), odd.select([0]), odd.select([6, 6, 6])]) {
      const { verdict } = await findingOf(invariance, { ...wordSubject({ id2label }), train });
      assert.equal(verdict, "pass");
    }
  });
});
