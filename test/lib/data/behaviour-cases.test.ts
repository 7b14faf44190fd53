import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { behaviourCases, fillTemplate } from "../../../lib/src/data/behaviour-cases";
import { DataError } from "../../../lib/src/runtime/errors";

describe("the cases of behaviour", () => {
  const { plain, hard, additions, odd } = behaviourCases();

  it("are many, short, none twice, and of either label", () => {
    assert.ok(plain.length >= 60 && hard.length >= 60);
    for (const cases of [plain, hard]) {
      const texts = cases.map(({ text }) => text);
      assert.equal(new Set(texts).size, texts.length);
      assert.ok(texts.every((text) => text.length < 80 && !/[{}]/u.test(text)));
    }
    for (const kind of new Set(plain.map((asked) => asked.kind))) {
      const labels = plain.filter((asked) => asked.kind === kind).map(({ label }) => label);
      assert.equal(labels.filter((label) => label === "POSITIVE").length * 2, labels.length, kind);
    }
    assert.ok(
      [additions.praise, additions.blame, additions.neutral].every((sentences) => sentences.length > 1),
    );
  });

  it("hold odd texts as they are meant", () => {
    const textOf = (kind: string) => odd.find((asked) => asked.kind === kind)?.text;
    assert.equal(textOf("empty text"), "");
    assert.equal(textOf("NUL alone"), "\0");
    assert.equal(textOf("half a surrogate pair"), "\ud83d");
    assert.equal(textOf("10,000 words")?.trim().split(" ").length, 10_000);
    assert.ok(odd.filter(({ meaningless }) => meaningless).every(({ text }) => !/\p{L}{3}/u.test(text)));
  });
});

describe("a template", () => {
  const words = { thing: ["film", "cast"], praise: ["great", "good", "fine"] };

  it("takes each word of its longest list once, and begins with a capital letter", () => {
    assert.deepEqual(fillTemplate("the {thing} was {praise}.", words), [
      "The film was great.",
      "The cast was good.",
      "The film was fine.",
    ]);
    assert.deepEqual(fillTemplate("{praise}!", words), ["Great!", "Good!", "Fine!"]);
    assert.deepEqual(fillTemplate("Go.", words), ["Go."]);
  });

  it("names a list that there is", () => {
    assert.throws(
      () => fillTemplate("The {thin}.", words),
      (error: unknown) => error instanceof DataError && /"thin"/u.test(error.message),
    );
  });
});
