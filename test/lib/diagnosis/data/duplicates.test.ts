import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { range, ReviewSet } from "../../../../lib/src/data/review-set";
import { SENTIMENT } from "../../../../lib/src/data/snippets";
import { duplicates } from "../../../../lib/src/diagnosis/data/duplicates";
import type { CheckResult } from "../../../../lib/src/diagnosis/diagnosis-report";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { specToText } from "../../../../lib/src/runtime/presentation-text";
import { ask as askCheck } from "./odd-sets";

function setOf(name: string, texts: readonly string[], labelOf = (index: number) => index % 2): ReviewSet {
  return new ReviewSet(
    name,
    texts.map((text, index) => ({ text, label: labelOf(index) })),
    SENTIMENT,
  );
}

function textsOf(word: string, count: number): string[] {
  return range(count).map((index) => `The ${word} number ${index}.`);
}

const ask = (subject: Subject): Promise<CheckResult> => askCheck(duplicates, subject);

const train = setOf("train", textsOf("train", 200));

describe("duplicates", () => {
  it("passes different texts", async () => {
    const result = await ask({ train, test: setOf("test", textsOf("test", 100)) });
    assert.equal(result.verdict, "pass");
    assert.equal(result.found, "Of 300 rows no text stands there twice.");
    assert.deepEqual(result.evidence, []);
  });

  it("fails a test set of which 5 % stand in train, though case and punctuation differ", async () => {
    const leaked = train.texts.slice(0, 4).map((text) => text.toUpperCase().replace(".", " !"));
    const test = setOf("test", [...leaked, ...textsOf("test", 76)]);
    const { verdict, found, advice, numbers, evidence } = await ask({ train, test });
    assert.equal(verdict, "fail");
    assert.equal(found, "5.0 % of test are copies of texts of train (4 of 80 rows).");
    assert.match(advice ?? "", /^Take those rows out of the earlier set/u);
    assert.equal(numbers?.["testLeakedShare"], 0.05);
    const table = evidence?.map((spec) => specToText(spec)).join() ?? "";
    assert.match(table, /2 {2}train 0; test 0 +NEGATIVE \(2\) +"The train number 0\."/u);
  });

  it("warns of 2 %, and lets 0.5 % pass with a note", async () => {
    const leaky = (count: number): ReviewSet =>
      setOf("test", [...train.texts.slice(0, count), ...textsOf("test", 200 - count)]);
    assert.equal((await ask({ train, test: leaky(4) })).verdict, "warn");
    const noted = await ask({ train, test: leaky(1) });
    assert.equal(noted.verdict, "pass");
    assert.equal(noted.found, "0.5 % of test are copies of texts of train (1 of 200 rows).");
  });

  it("counts within a set every copy but the first", async () => {
    const share = async (copies: number): Promise<CheckResult> =>
      ask({
        train: setOf("train", [...textsOf("train", 100 - copies), ...textsOf("train", copies)], () => 1),
      });
    assert.equal((await share(4)).verdict, "pass");
    assert.equal((await share(6)).verdict, "warn");
    const { verdict, found } = await share(20);
    assert.equal(verdict, "fail");
    assert.equal(found, "20.0 % of train are copies of other rows of it (20 of 100 rows).");
  });

  it("sees labels that contradict each other, by their names", async () => {
    const copies = train.texts.slice(0, 12);
    const contradicting = setOf("validation", copies, (index) => (index + 1) % 2);
    const { numbers, evidence } = await ask({ train, validation: contradicting });
    assert.equal(numbers?.["trainContradictingShare"], 0.06);
    assert.match(evidence?.map(specToText).join() ?? "", /NEGATIVE \(1\) and POSITIVE \(1\)/u);
    const renumbered = new ReviewSet(
      "validation",
      copies.map((text, index) => ({ text, label: (index + 1) % 2 })),
      {
        0: "positive",
        1: "negative",
      },
    );
    assert.equal((await ask({ train, validation: renumbered })).numbers?.["trainContradictingShare"], 0);
  });

  it("takes labels of what came in later for guesses, and does not call it a leak", async () => {
    const incoming = setOf("incoming", train.texts.slice(0, 50), () => 1);
    const { verdict, numbers } = await ask({ train, incoming });
    assert.equal(verdict, "pass");
    assert.deepEqual(numbers, {
      trainRepeatedShare: 0,
      trainContradictingShare: 0,
      incomingRepeatedShare: 0,
    });
  });

  it("has a clear answer for what is hardly a set", async () => {
    assert.equal((await ask({ train: setOf("train", []) })).found, "There is no text to compare.");
    assert.equal(
      (await ask({ train: setOf("train", ["", " ", "\n"]) })).found,
      "There is no text to compare.",
    );
    assert.equal((await ask({ train: setOf("train", ["one"]) })).verdict, "pass");
    const one = setOf("train", ["one"]);
    assert.equal((await ask({ train: one, test: one })).verdict, "warn", "one row is too few to fail");
    const identical = await ask({
      train: setOf(
        "train",
        range(500).map(() => "x\u0000\ud83d"),
      ),
    });
    assert.equal(identical.verdict, "fail");
    assert.match(identical.found, /100\.0 % of train are texts that have another label elsewhere/u);
    const id2label = Object.fromEntries(range(100).map((label) => [label, `class ${label}`]));
    const rows = range(300).map((index) => ({ text: `text ${index % 150}`, label: index % 100 }));
    const many = await ask({ train: new ReviewSet("train", rows, id2label) });
    assert.equal(many.verdict, "fail");
    assert.equal(many.numbers?.["trainContradictingShare"], 1);
    const long = "a ".repeat(500_000);
    assert.equal((await ask({ train: setOf("train", [long, long, "b", "c"], () => 0) })).verdict, "warn");
  });
});
