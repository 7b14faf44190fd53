import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reviewFiles } from "./review-files";

const { load, named, refused } = reviewFiles();

describe("the columns", () => {
  it("are found by their usual names in any case, or by the names that are given", async () => {
    const content = "id,Review,comment,Sentiment,stars\n7,good,fine,pos,4\n";
    assert.deepEqual(await named("csv", content), [["good", "pos"]]);
    const asked = { textColumn: "comment", labelColumn: "STARS" };
    assert.deepEqual(await named("csv", content, asked), [["fine", "LABEL_4"]]);
    assert.deepEqual(await named("csv", "Text,text,label\na,b,c\n"), [["b", "c"]]);
    assert.deepEqual(await named("jsonl", '{"constructor":"a","label":"x"}', { textColumn: "constructor" }), [
      ["a", "x"],
    ]);
  });

  it("that are missing are named, with those that are there", async () => {
    await refused(
      load("csv", "body,stars,\0date\na,1,2\n"),
      /\d+\.csv lacks a column of texts \(text, sentence, review or content\) and a column of labels \(.*\); it has body, stars, date\. Name them: textColumn/,
    );
    await refused(load("csv", "text\na\nb\n"), /lacks a column of labels .*; it has text\./);
    await refused(load("jsonl", '{"text":"a"}'), /lacks a column of labels/);
    await refused(
      load("csv", "text,label\na,1\n", { labelColumn: "stars" }),
      /lacks the column stars; it has text, label\./,
    );
    await refused(
      load("jsonl", '{"text":"a","label":1}', { textColumn: "toString" }),
      /lacks the column toString; it has text, label\./,
    );
    const many = Array.from({ length: 30 }, (_, at) => `column${at}`);
    await refused(load("csv", `${many.join(",")}\n`), /column19 and 10 more\./);
    await refused(load("csv", `${"word ".repeat(1000)},x\n`), /it has (word ){7,8}/);
  });

  it("that stand there twice, or are one, are refused", async () => {
    await refused(load("csv", "text,label,text\na,1,b\n"), /has the column text twice/);
    await refused(load("csv", "text,label\na,1\n", { textColumn: "label" }), /both in the column label/);
    assert.deepEqual(await named("csv", "x,text,x,label\n1,a,2,b\n"), [["a", "b"]]);
  });
});
