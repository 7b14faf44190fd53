import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import type { ColumnSource } from "hyparquet-writer";
import { loadReviews } from "../../../lib/src/data/read-reviews";
import { FIXTURES, parquet, reviewFiles } from "./review-files";

const { load, refused } = reviewFiles();

describe("the labels", () => {
  it("that are numbers stay these numbers", async () => {
    const set = await load("csv", "text,label\na,2\nb,1.0\nc, 2\n", { id2label: { 1: "BAD", 2: "GOOD" } });
    assert.deepEqual(set.labels, [2, 1, 2]);
    assert.deepEqual(set.id2label, { 1: "BAD", 2: "GOOD" });
    assert.deepEqual((await load("csv", "text,label\na,3\nb,5\n")).id2label, { 3: "LABEL_3", 5: "LABEL_5" });
  });

  it("that are names are numbered as asked whatever their case, else by the alphabet", async () => {
    const content = "text,label\na,Positive\nb,negative\nc,POSITIVE\n";
    const asked = await load("csv", content, { id2label: { 0: "POSITIVE", 1: "NEGATIVE" } });
    assert.deepEqual(asked.labels, [0, 1, 0]);
    assert.deepEqual(asked.id2label, { 0: "POSITIVE", 1: "NEGATIVE" });
    const free = await load("jsonl", '{"text":"a","label":"pos"}\n{"text":"b","label":"neg"}');
    assert.deepEqual([free.labels, free.id2label], [[1, 0], { 0: "neg", 1: "pos" }]);
    const cases = await load("csv", "text,label\na,pos\nb,Pos\n");
    assert.deepEqual(cases.id2label, { 0: "Pos", 1: "pos" }, "nobody said that they are the same");
    const booleans = await load("jsonl", '{"text":"a","label":true}\n{"text":"b","label":false}');
    assert.deepEqual([booleans.labels, booleans.id2label], [[1, 0], { 0: "false", 1: "true" }]);
    const stars = await load("csv", "text,label\na,5\nb,1\n", { id2label: { 0: "1", 1: "5" } });
    assert.deepEqual(stars.labels, [1, 0]);
  });

  it("that are not known get numbers of their own", async () => {
    const id2label = { 0: "NEGATIVE", 1: "POSITIVE" };
    const names = await load("csv", "text,label\na,positive\nb,neutral\nc,mixed\nd,7\n", { id2label });
    assert.deepEqual(names.labels, [1, 3, 2, 7]);
    assert.deepEqual(names.id2label, { ...id2label, 2: "mixed", 3: "neutral", 7: "LABEL_7" });
    const numbers = await load("csv", "text,label\na,1\nb,-1\nc,0.5\nd,3\n", { id2label });
    assert.deepEqual(numbers.labels, [1, 2, 4, 3]);
    assert.deepEqual(numbers.id2label, { ...id2label, 2: "-1", 3: "LABEL_3", 4: "0.5" });
  });

  it("may be a hundred, but not a thousand and one", async () => {
    const csv = (count: number) =>
      `text,label\n${Array.from({ length: count }, (_, at) => `text ${at},name ${at}\n`).join("")}`;
    const hundred = await load("csv", csv(100));
    assert.equal(Object.keys(hundred.id2label).length, 100);
    assert.equal(hundred.id2label[hundred.labels[7] ?? -1], "name 7");
    await refused(
      load("csv", csv(1_001)),
      /1001 different values in label; expected the labels of at most 1000/,
    );
  });

  it("that are missing, or no class's, are refused with their place", async () => {
    await refused(
      load("csv", 'text,label\n\n"a\n\nb",1\nc,\n'),
      /\d+\.csv, line 6: label is missing; expected the number/,
    );
    await refused(load("csv", 'text,label\na,"  "\n'), /line 2: label is missing/);
    await refused(load("jsonl", '{"text":"a","label":1}\n\n{"text":"b"}'), /jsonl, line 3: label is missing/);
    await refused(
      load("json", '[{"text":"a","label":[0,1]}]'),
      /item 1: label is \[0,1\]; expected the number or the name/,
    );
    await refused(
      loadReviews(path.join(FIXTURES, "null-label.parquet")),
      /null-label\.parquet, row 1: label is missing/,
    );
    const notNumbers = parquet([
      { name: "text", data: ["a", "b"], type: "STRING" },
      { name: "label", data: [1, NaN], type: "DOUBLE" },
    ]);
    await refused(load("parquet", notNumbers), /row 1: label is missing/);
  });

  it("have the names that Hugging Face's datasets left in a parquet file", async () => {
    const columns = (label: ColumnSource): ColumnSource[] => [
      { name: "text", data: ["a", "b", "c"], type: "STRING" },
      label,
    ];
    const numbers: ColumnSource = { name: "label", data: [1n, 0n, -1n], type: "INT64" };
    const features = { label: { names: ["neg", "pos"], _type: "ClassLabel" } };
    const set = await loadReviews(path.join(FIXTURES, "class-label.parquet"));
    assert.deepEqual(set.labels, [1, 0, 2]);
    assert.deepEqual(set.id2label, { 0: "neg", 1: "pos", 2: "-1" });
    const renamed = await load("parquet", parquet(columns(numbers), { info: { features } }), {
      id2label: { 0: "NEGATIVE", 1: "POSITIVE" },
    });
    assert.deepEqual(renamed.labels, [1, 0, 2]);
    assert.equal(renamed.id2label[1], "POSITIVE");
    const turned = await load("parquet", parquet(columns(numbers), { info: { features } }), {
      id2label: { 0: "POS", 1: "NEG" },
    });
    assert.deepEqual(turned.labels, [0, 1, 2]);
    for (const broken of [{}, [], { info: { features: { label: { names: 3 } } } }, "x"])
      assert.equal((await load("parquet", parquet(columns(numbers), broken))).id2label[0], "LABEL_0");
    const names: ColumnSource = { name: "label", data: ["pos", "neg", "pos"], type: "STRING" };
    assert.deepEqual((await load("parquet", parquet(columns(names)))).labels, [1, 0, 1]);
  });
});
