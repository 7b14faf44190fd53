import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { oddInput } from "../../../../lib/src/diagnosis/behaviour/odd-input";
import { breakWords, findingOf, wordSubject } from "./word-subject";

describe("odd input", () => {
  it("passes a model that bears it and stays unsure", async () => {
    const { verdict, numbers } = await findingOf(oddInput, wordSubject());
    assert.equal(verdict, "pass");
    assert.equal(numbers?.["emptyConfidence"], 0.5);
  });

  it("warns of a model that is sure of the empty text", async () => {
    const { verdict, found } = await findingOf(oddInput, wordSubject({ bias: 2.3 }));
    assert.equal(verdict, "warn");
    assert.match(found, /90\.9 % sure of the empty text/u);
    assert.equal((await findingOf(oddInput, wordSubject({ bias: 2.1 }))).verdict, "pass");
  });

  it("fails where an answer is no number, and names the texts", async () => {
    const { verdict, found, numbers } = await findingOf(oddInput, breakWords(wordSubject(), ["br", "word"]));
    assert.equal(verdict, "fail");
    assert.equal(numbers?.["broken"], 2);
    assert.match(found, /HTML alone and 10,000 words/u);
  });

  it("fails where asking throws", async () => {
    const { verdict, found } = await findingOf(oddInput, { ...wordSubject(), maxLength: 600 });
    assert.equal(verdict, "fail");
    assert.match(found, /10,000 words.*512/u);
  });
});
