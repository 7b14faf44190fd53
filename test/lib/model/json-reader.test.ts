import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JsonReader } from "../../../lib/src/model/json-reader";

describe("a JSON reader", () => {
  it("tells every name, also one that comes twice, and what is not asked for is read over", () => {
    const reader = new JsonReader(' {"a": [1, {"x": [true, null]}], "b" : "\\u00e9\\\\", "a":-2.5e3} ');
    const read: string[] = [];
    reader.object((name) => {
      read.push(name);
      if (name === "b") read.push(reader.string());
      else reader.skip();
    });
    reader.end();
    assert.deepEqual(read, ["a", "b", "é\\", "a"]);
  });

  it("gives scalars as they are written", () => {
    const reader = new JsonReader("[2, 2.0, 2e0, -0, 18446744073709551615, true]");
    const items: string[] = [];
    reader.array(() => items.push(reader.scalar()));
    assert.deepEqual(items, ["2", "2.0", "2e0", "-0", "18446744073709551615", "true"]);
  });

  it("refuses all that JSON.parse refuses, and a lone surrogate", () => {
    const texts = [
      "",
      "[",
      "[1,]",
      "[,1]",
      "[1 2]",
      "{}{}",
      '{"a"}',
      '{"a":}',
      "{a:1}",
      "[01]",
      "[+1]",
      "[.5]",
      "[1.]",
    ];
    texts.push(
      "[1e]",
      "[nul]",
      "[True]",
      "[NaN]",
      '"',
      '"\\"',
      '"\\x"',
      '"\t"',
      "'a'",
      "[1]x",
      "//",
      "\u00a0[]",
      "\ufeff[]",
    );
    for (const text of texts) {
      assert.throws(() => JSON.parse(text) as unknown, SyntaxError, text);
      assert.throws(
        () => {
          const reader = new JsonReader(text);
          reader.skip();
          reader.end();
        },
        /^SyntaxError: expected .* at character \d+$/,
        text,
      );
    }
    for (const text of ['"\\ud83d"', '"\\ude00 \\ud83d"'])
      assert.throws(() => new JsonReader(text).string(), /expected whole characters at character 0/);
    assert.equal(new JsonReader('"\\ud83d\\ude00"').string(), "😀");
  });

  it("is stopped neither by 10 MB of text, blanks, digits or backslashes, nor by depth", () => {
    const many = 10_000_000;
    for (const text of [
      `"${"a".repeat(many)}"`,
      `[]${" ".repeat(many)}`,
      "1".repeat(many),
      `"${"\\\\".repeat(many / 2)}"`,
    ]) {
      const reader = new JsonReader(text);
      reader.skip();
      reader.end();
    }
    assert.throws(() => {
      new JsonReader("[".repeat(many)).skip();
    }, /expected at most 127 levels at character 128/);
  });
});
