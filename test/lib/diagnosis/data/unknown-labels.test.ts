import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { SENTIMENT } from "../../../../lib/src/data/snippets";
import { unknownLabels } from "../../../../lib/src/diagnosis/data/unknown-labels";
import { answersClearly, ask, setOf, sorted } from "./odd-sets";

const train = setOf(sorted(20, 20));

describe("unknown-labels", () => {
  it("passes the same names in another case and order, and bare numbers", async () => {
    const test = setOf(sorted(5, 5), { id2label: { 0: " Positive", 1: "negative" } });
    assert.equal(
      (await ask(unknownLabels, { train, test })).found,
      'All labels are of "NEGATIVE" and "POSITIVE".',
    );
    const numbered = setOf(sorted(5, 5), { id2label: { 0: "LABEL_0", 1: "LABEL_1" } });
    const { verdict, found } = await ask(unknownLabels, { train, test: numbered });
    assert.equal(verdict, "pass");
    assert.equal(found, 'All labels are of "NEGATIVE" and "POSITIVE"; test only numbers them.');
  });

  it("takes names by their number where the mapping has none", async () => {
    const id2label = { 0: "LABEL_0", 1: "LABEL_1" };
    assert.equal((await ask(unknownLabels, { train, id2label })).verdict, "pass");
    const three = setOf(sorted(5, 5, 5), { id2label: { 0: "bad", 1: "good", 2: "mixed" } });
    const { verdict, found } = await ask(unknownLabels, { train: three, id2label });
    assert.equal(verdict, "fail");
    assert.equal(found, 'train has 5 rows (33.3 %) of "mixed"; meant are "LABEL_0" and "LABEL_1".');
  });

  it("fails a foreign name and a number beyond the mapping, and shows rows", async () => {
    const named = setOf(sorted(8, 8, 4), { id2label: { ...SENTIMENT, 2: "NEUTRAL" } });
    const { verdict, found, numbers, evidence } = await ask(unknownLabels, { train, validation: named });
    assert.equal(verdict, "fail");
    assert.equal(found, 'validation has 4 rows (20.0 %) of "NEUTRAL"; meant are "NEGATIVE" and "POSITIVE".');
    assert.deepEqual(numbers, { trainUnknown: 0, validationUnknown: 4 });
    const rows = evidence?.[1];
    assert.ok(rows?.kind === "table");
    assert.deepEqual(rows.rows[0]?.slice(0, 3), ["validation", 16, '"NEUTRAL"']);
    const numbered = setOf(sorted(8, 8, 4), { id2label: { 0: "0", 1: "1", 2: "2" } });
    assert.match(
      (await ask(unknownLabels, { train, test: numbered })).found,
      /^test has 4 rows \(20\.0 %\) of "2"/u,
    );
  });

  it("warns of names that are none of the mapping's where their numbers are", async () => {
    const foreign = setOf(sorted(5, 5), { id2label: { 0: "neg", 1: "pos" } });
    const { verdict, found } = await ask(unknownLabels, { train, test: foreign });
    assert.equal(verdict, "warn");
    assert.equal(
      found,
      'test has 10 rows (100.0 %) of "neg" and "pos", read by number; meant are "NEGATIVE" and "POSITIVE".',
    );
    const beyond = setOf(sorted(5, 5, 5), { id2label: { 0: "neg", 1: "pos", 2: "mixed" } });
    assert.equal((await ask(unknownLabels, { train, test: beyond })).verdict, "fail");
  });

  it("fails a name of its own beside one that is meant", async () => {
    const foreign = setOf(sorted(5, 5), { id2label: { 0: "negative", 1: "spam" } });
    const { verdict, found } = await ask(unknownLabels, { train, test: foreign });
    assert.equal(verdict, "fail");
    assert.match(found, /^test has 5 rows \(50\.0 %\) of "spam"; meant are/u);
  });

  it("only warns of what comes in, and ignores names without a row", async () => {
    const incoming = setOf([0, 1, 2], { id2label: { ...SENTIMENT, 2: "?" } });
    assert.equal((await ask(unknownLabels, { train, incoming })).verdict, "warn");
    const unused = setOf([0, 1], { id2label: { ...SENTIMENT, 2: "?" } });
    assert.equal((await ask(unknownLabels, { train, test: unused })).verdict, "pass");
  });

  answersClearly(unknownLabels);
});
