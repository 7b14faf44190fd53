import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { plainText, withoutMarkup } from "../../../../lib/src/diagnosis/data/plain-text";

describe("a plain text", () => {
  it("is the same whatever the case, the white space, the punctuation and the Unicode form", () => {
    const wanted = "a fine café 2nd take";
    for (const text of [
      "A fine café: 2nd take!",
      " a  FINE\ncafe\u0301 -- 2nd take",
      "ａ ｆｉｎｅ café, 2nd take",
    ])
      assert.equal(plainText(text), wanted);
  });

  it("keeps the signs of a text that has nothing else, and is empty for white space alone", () => {
    assert.deepEqual([":-)", " :-( ", "👍👍", " \n\t", ""].map(plainText), [":-)", ":-(", "👍👍", "", ""]);
  });

  it("takes half a surrogate pair and NUL for signs", () => {
    assert.equal(plainText("a\ud83d b\u0000c"), "a b c");
  });

  it("loses tags and entities, not what only looks like one", () => {
    assert.equal(plainText(withoutMarkup("one<br /><br />two &amp; <i>three</i>")), "one two three");
    assert.equal(plainText(withoutMarkup("1 < 2 and 3 > 2 & more")), "1 2 and 3 2 more");
  });
});
