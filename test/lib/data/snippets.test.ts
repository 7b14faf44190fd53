import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { loadSnippets } from "../../../lib/src/data/snippets";
import { DataError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";

describe("the packaged snippets", () => {
  const set = loadSnippets();

  it("are 5,076 negative ones, then 4,996 positive ones", () => {
    assert.deepEqual(set.labelRuns(), [
      [0, 5076],
      [1, 4996],
    ]);
    assert.equal(set.name, "snippets");
  });

  it("come in one order always, which is not the file's", () => {
    assert.deepEqual(loadSnippets().texts, set.texts);
    assert.equal(new Set(set.texts).size > 10_000, true);
    assert.ok(set.texts.every((text) => text.trim() !== "" && !/[\t\r\n]/.test(text)));
  });
});

describe("a file of snippets", () => {
  const folder = temporaryFolder();
  const load = (content: string | Buffer) => {
    const file = path.join(folder, "snippets.txt");
    writeFileSync(file, content);
    return loadSnippets(file);
  };
  const refused = (content: string | Buffer, pattern: RegExp) => {
    assert.throws(
      () => load(content),
      (error) => {
        assert.ok(error instanceof DataError);
        assert.match(error.message, pattern);
        assert.match(error.message, /Run `npm run setup`\.$/);
        assert.ok(!error.message.includes(folder));
        return true;
      },
    );
  };

  it("gives the clear opinions only, negatives first", () => {
    const set = load("1\t0.5\tgood\r\n2\t-0.5\tbad\r\n3\t0.49\tso so\r\n4\t-3\tawful\r\n");
    assert.deepEqual(set.labels, [0, 0, 1]);
    assert.deepEqual(new Set(set.texts.slice(0, 2)), new Set(["bad", "awful"]));
    assert.equal(set.texts[2], "good");
  });

  it("that lacks a column is refused with its line", () => {
    const columns = "expected the columns id, rating and text, separated by tabs";
    refused("1\t2.0\tgood\n2\t-1.5\n", new RegExp(`line 2: ${columns}`));
    refused("1 2.0 good\n", new RegExp(`line 1: ${columns}`));
    refused("1\t\tgood\n", /line 1: /);
    refused("1\t \tgood\n", /line 1: /);
    refused("1\tgood\t2.0\n", /line 1: /);
    refused("1\t2.0\t \n", /line 1: /);
  });

  it("with a tab in a text is refused: what follows the tab would be lost", () => {
    refused("1\t2.0\tgood\tindeed\n", /line 1: /);
  });

  it("that is not UTF-8 is refused with its line", () => {
    const latin1 = Buffer.from("1\t2.0\tgood\n2\t2.0\tna\xefve\n", "latin1");
    refused(latin1, /is not UTF-8: line 2 has a wrong byte/);
  });

  it("that is empty or has no clear opinion is refused", () => {
    refused("", /has no review with a clear rating/);
    refused("1\t0.1\tso so\n", /has no review with a clear rating/);
  });

  it("that is missing is refused", () => {
    const missing = path.join(folder, "missing.txt");
    assert.throws(() => loadSnippets(missing), {
      name: "DataError",
      message: /missing\.txt cannot be read \(ENOENT\)/,
    });
  });
});
