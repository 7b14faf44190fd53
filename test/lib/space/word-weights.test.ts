import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  colours,
  grouped,
  mostQuestions,
  signed,
  summary,
  without,
  wordsOf,
  wordsRead,
} from "../../../lib/src/space/page/word-weights.mjs";

const weighed = (...weights: [string, number][]) =>
  weights.map(([text, weight]) => ({ words: wordsOf(text), weight }));

describe("the weights of words, on a Space's page", () => {
  it("takes what stands between blanks for words, whatever the script", () => {
    const text = "  Très bien,\n 很好  ";
    assert.deepEqual(
      wordsOf(text).map((word) => [word.text, text.slice(word.start, word.end)]),
      [
        ["Très", "Très"],
        ["bien,", "bien,"],
        ["很好", "很好"],
      ],
    );
    assert.deepEqual(wordsOf(" \n"), []);
  });

  it("leaves out words with the blank that follows, and nothing else", () => {
    const text = "not  a good\nfilm";
    const words = wordsOf(text);
    assert.deepEqual(
      words.map((word) => without(text, [word])),
      ["a good\nfilm", "not  good\nfilm", "not  a film", "not  a good"],
    );
    assert.equal(without(text, words.slice(1, 3)), "not  film");
    assert.equal(without("one", wordsOf("one")), "");
    assert.equal(without(text, []), text);
  });

  it("groups neighbours as closely as the questions for a text of that length allow", () => {
    const words = wordsOf("w ".repeat(100));
    for (const most of [1, 7, 60, 99, 100, 1000]) {
      const groups = grouped(words, most);
      assert.ok(groups.length <= most, `${groups.length} of ${most}`);
      assert.deepEqual(groups.flat(), words);
      assert.ok(groups.every((group) => group.length > 0));
    }
    assert.deepEqual(grouped([], 5), []);
    assert.deepEqual([3, 100, 200, 512, 100_000].map(mostQuestions), [60, 60, 30, 20, 20]);
  });

  it("counts the words of which the model reads every token", () => {
    assert.equal(wordsRead([1, 2, 3], 6), 3);
    assert.equal(wordsRead([1, 2, 3], 5), 2);
    assert.equal(wordsRead([9], 5), 0);
    assert.equal(wordsRead([], 5), 0);
  });

  it("colours by sign and strength, weakly where nothing is strong, and not at all where nothing is", () => {
    const levels = colours(weighed(["a", 0.9], ["b", -0.3], ["c", 0.02], ["d", 0.004], ["e", -0.004]));
    assert.deepEqual(
      levels.map(({ level, kind }) => `${kind} ${level}`),
      ["for 4", "against 3", "for 1", "for 0", "against 0"],
    );
    assert.ok(colours(weighed(["a", 0.006])).every(({ level }) => level < 4));
    assert.deepEqual(colours([]), []);
  });

  it("says the same in words, the strongest first", () => {
    const said = summary(weighed(["(good)", 0.2], ["but", -0.4], ["fine,", 0.3], ["the", 0]), "POSITIVE");
    assert.equal(said, "Most for POSITIVE: fine (+0.30), good (+0.20). Most against: but (\u22120.40).");
    assert.equal(
      summary(weighed(["a", -0.2]), "X"),
      "No word speaks for X by itself. Most against: a (\u22120.20).",
    );
    assert.equal(summary(weighed(["a", 0.001]), "X"), "No word by itself makes a difference.");
    assert.equal(summary(weighed(["!?", 0.5]), "X"), "Most for X: !? (+0.50).");
    assert.match(summary(weighed(["a b c d, e f", 0.5]), "X"), /^Most for X: a b c d \u2026 \(\+0\.50\)\.$/);
    assert.deepEqual([-0.001, 0.004, 1].map(signed), ["0.00", "0.00", "+1.00"]);
  });
});
