import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { ColumnSource } from "hyparquet-writer";
import { loadReviews } from "../../../lib/src/data/read-reviews";
import { FIXTURES, parquet, reviewFiles } from "./review-files";

const { folder, write, load, refused } = reviewFiles();

describe("a file of reviews", () => {
  it("is JSONL, CSV, TSV or Parquet, and reads the same", async () => {
    const rows = [
      { text: 'Naïve, "but" good 👍🏽', label: 1 },
      { text: "Bad.\nReally bad.", label: 0 },
    ];
    const csv = 'text,label\r\n"Naïve, ""but"" good 👍🏽",1\r\n"Bad.\nReally bad.",0\r\n';
    const columns: ColumnSource[] = [
      { name: "label", data: [1n, 0n], type: "INT64" },
      { name: "text", data: rows.map(({ text }) => text), type: "STRING" },
    ];
    const lines = rows.map((row) => JSON.stringify(row)).join("\r\n");
    for (const [ending, content] of [
      ["jsonl", lines],
      ["ndjson", `\n${lines}\n\n`],
      ["json", JSON.stringify(rows, null, 2)],
      ["json", lines],
      ["csv", csv],
      ["csv", `\ufeff${csv}`],
      ["CSV", csv.replaceAll(/,(?=label|1|0)/g, ";")],
      ["tsv", csv.replaceAll(/,(?=label|1|0)/g, "\t")],
      ["parquet", parquet(columns)],
    ] as const) {
      const set = await load(ending, content);
      assert.deepEqual(set.rows, rows, `${ending}: ${String(content).slice(0, 80)}`);
      assert.deepEqual(set.id2label, { 0: "LABEL_0", 1: "LABEL_1" });
    }
  });

  it("is called as the file is, or as asked", async () => {
    const file = write("csv", "text,label\na,1\n");
    assert.equal((await loadReviews(file)).name, path.basename(file));
    assert.equal((await loadReviews(file, { name: "mine" })).name, "mine");
  });

  it("is parquet of any compression", async () => {
    const reviews = await loadReviews(path.join(FIXTURES, "zstd.parquet"));
    assert.deepEqual(reviews.texts, ["Naïve, but good.", "Bad.\nReally bad."]);
  });

  it("keeps what is odd in a text, and a missing text as an empty one", async () => {
    const odd = ["a\0b", "", "   ", "\ud83d", "=1+1", "x".repeat(2_000_000), '"quoted"', "\u2028"];
    const lines = odd.map((text) => JSON.stringify({ text, label: 0 }));
    assert.deepEqual((await load("jsonl", lines.join("\n"))).texts, odd);
    assert.deepEqual(
      (await load("jsonl", '{"text":"a","label":0}\n{"label":0}\n{"text":null,"label":0}')).texts,
      ["a", "", ""],
    );
    assert.deepEqual((await load("csv", `text,label\na\0b,0\n,0\n"${"x".repeat(2_000_000)}",0`)).texts, [
      "a\0b",
      "",
      "x".repeat(2_000_000),
    ]);
  });
});

describe("a text", () => {
  it("that is none is refused with its place", async () => {
    await refused(load("jsonl", '{"text":{"a":1},"label":1}'), /line 1: text is \{"a":1\}; expected a text/);
    const numbers = parquet([
      { name: "text", data: [1n, 2n], type: "INT64" },
      { name: "label", data: [1n, 2n], type: "INT64" },
    ]);
    await refused(load("parquet", numbers), /row 0: text is 1; expected a text/);
    assert.deepEqual((await loadReviews(path.join(FIXTURES, "null-text.parquet"))).texts[1], "");
  });
});

describe("a file that is none of reviews", () => {
  it("is empty", async () => {
    for (const [ending, content] of [
      ["csv", ""],
      ["csv", "\n\n  \n"],
      ["tsv", ""],
      ["jsonl", ""],
      ["jsonl", "\n \n"],
      ["json", "[]"],
    ] as const)
      await refused(load(ending, content), /is empty; expected/);
    await refused(load("parquet", ""), /is not a readable parquet file/);
  });

  it("may have a header alone: a set of 0 reviews", async () => {
    for (const ending of ["csv", "tsv"]) {
      const set = await load(ending, ending === "csv" ? "text,label\n" : "text\tlabel", {
        id2label: { 0: "A", 1: "B" },
      });
      assert.deepEqual([set.length, set.id2label], [0, { 0: "A", 1: "B" }]);
    }
  });

  it("is not UTF-8", async () => {
    const latin1 = Buffer.from("text,label\nnaïve,1\n", "latin1");
    await refused(load("csv", latin1), /is not UTF-8: line 2 has a wrong byte/);
    await refused(load("jsonl", Buffer.from('{"text":"naïve"}', "latin1")), /is not UTF-8: line 1/);
    await refused(load("csv", Buffer.from("\ufefftext,label\na,1\n", "utf16le")), /is not UTF-8: line 1/);
    await refused(load("csv", Buffer.from("text,label\na,1\n", "utf16le")), /lacks a column of texts/);
  });

  it("is no JSON, or JSON of something else", async () => {
    await refused(
      load("jsonl", '{"text":"a","label":1}\n{"text":'),
      /line 2: no JSON \(.*\); expected one object a line/,
    );
    await refused(load("jsonl", "text,label\na,1\n"), /line 1: no JSON/);
    await refused(load("jsonl", "5\n"), /line 1: a number; expected an object/);
    await refused(load("jsonl", "null\n"), /line 1: null; expected an object/);
    await refused(load("json", "[1]"), /item 1: a number; expected an object/);
    await refused(load("json", "[{]"), /the array: no JSON/);
    await refused(load("jsonl", '["a",1]\n["b",0]\n'), /the array: no JSON/);
  });

  it("is missing, a folder, or of another kind", async () => {
    const asFolder = path.join(folder, "folder.csv");
    mkdirSync(asFolder);
    await refused(
      loadReviews(path.join(folder, "none.csv")),
      /none\.csv does not exist; expected a file of reviews/,
    );
    await refused(loadReviews(asFolder), /is no file of reviews; expected one that ends in \.jsonl, /);
    await refused(load("xlsx", "PK"), /xlsx is no file of reviews; expected one that ends in .*\.parquet\.$/);
  });
});
