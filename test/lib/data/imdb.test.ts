import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { imdbLabelRuns, loadImdb, readReviewParquet, verifyImdb } from "../../../lib/src/data/imdb";
import { countsInPrefix } from "../../../lib/src/data/review-set";
import { DataError } from "../../../lib/src/runtime/errors";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import { temporaryFolder } from "../temporary-folder";

const FIXTURES = path.join(__dirname, "fixtures");
const fixture = (name: string) => path.join(FIXTURES, `${name}.parquet`);
const IMDB = process.env["IMDB_DIR"] ?? path.join(REPOSITORY, "../shared/data/imdb");
const withoutImdb = existsSync(IMDB) ? false : "IMDB_DIR names no folder with IMDB's parquet files";

const refused = (work: Promise<unknown>, message: RegExp) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof DataError, String(error));
    assert.match(error.message, message);
    assert.ok(!error.message.includes(REPOSITORY), error.message);
    return true;
  });

describe("IMDB without its files", () => {
  it("is known by its label runs", () => {
    for (const split of ["train", "test"] as const)
      assert.deepEqual(imdbLabelRuns(split), [
        [0, 12_500],
        [1, 12_500],
      ]);
    assert.deepEqual(countsInPrefix(imdbLabelRuns("train"), 15_000), { 0: 12_500, 1: 2_500 });
  });

  it("says what is missing", async () => {
    await refused(loadImdb("train", ""), /^IMDB_DIR is not set; expected the folder/);
    await refused(
      loadImdb("test", FIXTURES),
      /test-00000-of-00001\.parquet does not exist; expected IMDB's test split/,
    );
    await refused(verifyImdb("train", "/nowhere"), /train-00000-of-00001\.parquet does not exist/);
  });
});

describe("a parquet file of reviews", () => {
  const folder = temporaryFolder();
  const write = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };

  it("is read in its order, text exactly", async () => {
    assert.deepEqual(await readReviewParquet(fixture("reviews")), [
      { text: "Naïve, but good.", label: 1 },
      { text: "Bad.\nReally bad.", label: 0 },
      { text: "", label: 0 },
    ]);
  });

  it("that lacks a column is refused, with the columns that it has", async () => {
    await refused(
      readReviewParquet(fixture("no-label")),
      /no-label\.parquet lacks the column label; it has text, sentiment\./,
    );
    await refused(readReviewParquet(fixture("no-text")), /lacks the column text; it has label\./);
  });

  it("that lacks a value is refused with its row: neither the text null nor the label 0 is made up", async () => {
    await refused(
      readReviewParquet(fixture("null-text")),
      /null-text\.parquet, row 1: expected a text and a whole number/,
    );
    await refused(readReviewParquet(fixture("null-label")), /null-label\.parquet, row 1: /);
  });

  it("that is cut off, empty, or no parquet at all is refused", async () => {
    const whole = readFileSync(fixture("reviews"));
    for (const bytes of [whole.length - 1, whole.length - 20, 100, 6, 0])
      await refused(
        readReviewParquet(write(`cut-${bytes}`, whole.subarray(0, bytes))),
        /is not a readable parquet file/,
      );
    await refused(readReviewParquet(write("text", "text,label\ngood,1\n")), /is not a readable parquet file/);
    await refused(readReviewParquet(folder), /is not a readable parquet file/);
  });

  it("whose pages are cut out of the middle is refused", async () => {
    const whole = readFileSync(fixture("reviews"));
    const hollow = Buffer.from(whole).fill(0, 4, 60);
    await refused(readReviewParquet(write("hollow", hollow)), /is not a readable parquet file/);
  });

  it("that is missing is refused without the path of this machine", async () => {
    const missing = path.join(folder, "missing.parquet");
    await assert.rejects(readReviewParquet(missing), (error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, /missing\.parquet does not exist/);
      assert.ok(!error.message.includes(folder), error.message);
      return true;
    });
  });

  it("in the place of IMDB's is found out by its sha256", async () => {
    copyFileSync(fixture("reviews"), path.join(folder, "train-00000-of-00001.parquet"));
    assert.equal((await loadImdb("train", folder)).length, 3);
    await refused(
      verifyImdb("train", folder),
      /has the sha256 [0-9a-f]{64}; data\/imdb\.json expects 2289d514/,
    );
  });
});

describe("IMDB's own files", { skip: withoutImdb }, () => {
  it("are those that data/imdb.json describes", async () => {
    await verifyImdb("train", IMDB);
    await verifyImdb("test", IMDB);
  });

  it("load as 25,000 reviews, negatives first", async () => {
    const test = await loadImdb("test", IMDB);
    assert.deepEqual(test.labelRuns(), imdbLabelRuns("test"));
    assert.ok(test.texts.every((text) => text.length > 10));
  });
});
