import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reviewFiles } from "./review-files";

const { load, named, refused } = reviewFiles();

describe("quotes and separators", () => {
  it("inside of a field are letters", async () => {
    assert.deepEqual(await named("csv", 'text,label\na "good" film,x\n"",y\n'), [
      ['a "good" film', "x"],
      ["", "y"],
    ]);
  });

  it("that are torn are refused with the line where they begin", async () => {
    const torn = /line 3: a field begins with a quote that does not end it/;
    await refused(load("csv", 'text,label\na,1\n"b,0\nc,1\n'), torn);
    await refused(load("csv", 'text,label\r\na,1\r\n"b" and more,0\r\nc,1\r\n'), torn);
    await refused(load("csv", 'text,label\na,1\n"b,0\nc,1\n"d, e",0\n'), torn);
  });

  it("of a TSV are letters, as long as its rows make sense so", async () => {
    const glue = 'sentence\tlabel\n"torn\t1\na "good" one\t0\nends"\t1\n';
    assert.deepEqual((await load("tsv", glue)).texts, ['"torn', 'a "good" one', 'ends"']);
    const merged = 'sentence\tlabel\n"torn\t1\nplain\t0\nends"\t1\n';
    assert.equal((await load("tsv", merged)).length, 3, "not one field from quote to quote");
    const spreadsheet = 'sentence\tlabel\n"two\nlines\tand ""a"" tab"\t1\n"plain ""x"""\t0\n';
    assert.deepEqual((await load("tsv", spreadsheet)).texts, ['two\nlines\tand "a" tab', 'plain "x"']);
    assert.deepEqual((await load("tsv", 'sentence\tlabel\n"plain ""x"""\t0\n')).texts, ['plain "x"']);
    await refused(load("tsv", 'sentence\tlabel\n"a\tb\t1\nc\t0\n'), /line 2: 3 fields; expected the 2/);
  });

  it("must give every row the fields of the header", async () => {
    await refused(load("csv", "text,label\na,1\nb, c,0\n"), /line 3: 3 fields; expected the 2 of the header/);
    await refused(load("csv", "text,label\na,1\nb\n"), /line 3: 1 fields/);
  });

  it("are told by the header", async () => {
    for (const separator of [";", "|", "\t"])
      assert.deepEqual(await named("csv", `text${separator}"label"\na, b${separator}x\n`), [["a, b", "x"]]);
    assert.deepEqual(await named("csv", 'id,"text;a;b;c",label\n1,a,x\n', { textColumn: "text;a;b;c" }), [
      ["a", "x"],
    ]);
    assert.deepEqual(await named("csv", 'label,text\r\nx,a\r\ny,"b"\r\n'), [
      ["a", "x"],
      ["b", "y"],
    ]);
    assert.deepEqual(await named("csv", "text,label\ra,x\rb,y\r"), [
      ["a", "x"],
      ["b", "y"],
    ]);
  });
});
