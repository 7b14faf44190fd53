import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { shortTexts } from "../../../../lib/src/diagnosis/data/short-texts";
import { shortness } from "../../../../lib/src/diagnosis/data/text-shortness";
import { alternating, answersClearly, ask, setOf } from "./odd-sets";

function withTexts(rows: number, texts: readonly string[]) {
  return setOf(alternating(rows / 2, rows / 2), { text: (row) => texts[row] ?? "a film to see" });
}

describe("short-texts", () => {
  it("passes texts of two words or more, and a few of one", async () => {
    const fine = await ask(shortTexts, { train: withTexts(40, []) });
    assert.equal(fine.verdict, "pass");
    assert.equal(fine.found, "Yes: every one of 40 rows has two words or more.");
    const few = await ask(shortTexts, { train: withTexts(400, ["Superb!", "Awful", "Meh."]) });
    assert.equal(few.verdict, "pass");
    assert.match(few.found, /Of 400 rows 0 are without a word and 3 of one word/u);
  });

  it("warns of a single blank text in thousands, and shows it with its row", async () => {
    const texts = ["fine film", "\u200b "];
    const { verdict, found, evidence } = await ask(shortTexts, { train: withTexts(4_000, texts) });
    assert.equal(verdict, "warn");
    assert.equal(found, "train has 4,000 texts, of them 1 blank (less than 0.1 %).");
    assert.ok(evidence?.[1]?.kind === "table");
    assert.deepEqual(evidence[1].rows, [["train", 1, "POSITIVE", "blank", '"\\u{200b} "']]);
  });

  it("fails where one text in twenty has no word, or one in ten a single one", async () => {
    const wordless = await ask(shortTexts, { test: withTexts(40, ["...", "?!"]) });
    assert.equal(wordless.verdict, "fail");
    assert.equal(wordless.found, "test has 40 texts, of them 2 without a word (5.0 %).");
    const one = await ask(shortTexts, { test: withTexts(40, ["good", "bad", "fine", "so-so"]) });
    assert.equal(one.verdict, "fail");
    assert.deepEqual(one.numbers, { testBlank: 0, testWordless: 0, testOneWord: 4, testShortShare: 0.1 });
    assert.equal((await ask(shortTexts, { test: withTexts(100, ["good", "bad", "fine"]) })).verdict, "warn");
  });

  answersClearly(shortTexts);
});

describe("the shortness of a text", () => {
  it("tells nothing, no word, one word and enough apart", () => {
    const of = (texts: readonly string[]) => [...new Set(texts.map((text) => shortness(text) ?? "enough"))];
    assert.deepEqual(of(["", " \n\t", "\u0000", "\u200b\ufeff", "\u00a0", "\ud800", "\u3164"]), ["blank"]);
    assert.deepEqual(of(["...", "?!", "-- --", "***"]), ["without a word"]);
    assert.deepEqual(of(["good", "Don't!", "10", "😀", "(rock'n'roll)", "x".repeat(1_000_000), "好"]), [
      "one word",
    ]);
    assert.deepEqual(of(["so good", "10 / 10", "这部电影很好看", "😀 wow great", "\u0000a b"]), ["enough"]);
  });
});
