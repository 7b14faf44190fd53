import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { createRepo, uploadFiles } from "@huggingface/hub";
import { loadDataset, type LoadDatasetOptions } from "../../../lib/src/data/load-dataset";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { refused, testHub, TOKEN } from "../hub/test-hub";

const FIXTURES = path.join(__dirname, "fixtures");
const LARGE = 300_000;
const fixture = (name: string) => new Blob([readFileSync(path.join(FIXTURES, `${name}.parquet`))]);

/** More rows than a call takes arguments. */
const largeParquet = async () => {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = [
    { name: "text", data: Array<string>(LARGE).fill("Good."), type: "STRING" as const },
    { name: "label", data: Array<bigint>(LARGE).fill(1n), type: "INT64" as const },
  ];
  return new Blob([parquetWriteBuffer({ columnData })]);
};

const setup = testHub(async () => {
  const { endpoint: hubUrl } = setup.hub;
  const share = async (name: string, files: Record<string, string | Blob>) => {
    const repo = { type: "dataset", name: `reader/${name}` } as const;
    await createRepo({ repo, hubUrl, accessToken: TOKEN });
    const content = Object.entries(files).map(([file, from]) => {
      return { path: file, content: typeof from === "string" ? fixture(from) : from };
    });
    const commit = await uploadFiles({ repo, files: content, hubUrl, accessToken: TOKEN, useXet: false });
    return commit?.commit.oid ?? "";
  };
  first = await share("imdb", {
    "plain_text/train-00000-of-00001.parquet": "reviews",
    "plain_text/test-00000-of-00001.parquet": "no-label",
    "plain_text/unsupervised-00000-of-00001.parquet": "reviews",
  });
  await share("shards", {
    "data/train-00001-of-00002-0123456789abcdef.parquet": "reviews",
    "data/train-00000-of-00002-fedcba9876543210.parquet": "more-reviews",
    "data/test-00001-of-00002.parquet": "reviews",
    "data/dev-00000-of-00002.parquet": "reviews",
  });
  await share("two-configs", {
    "a/train-00000-of-00001.parquet": "reviews",
    "b/train-00000-of-00001.parquet": "reviews",
  });
  await share("no-parquet", { "train.csv": "reviews" });
  await share("large", { "train-00000-of-00001.parquet": await largeParquet() });
});
let first = "";

const load = (name: string, more: Partial<LoadDatasetOptions> = {}) =>
  loadDataset(name, {
    split: "train",
    endpoint: setup.proxy.endpoint,
    cacheDir: path.join(setup.folder, "cache"),
    ...more,
  });
const contentRequests = () => setup.proxy.requests.filter((request) => request.includes("/resolve/"));
const wrong = (work: Promise<unknown>, message: RegExp) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof DataError, String(error));
    assert.match(error.message, message);
    assert.ok(!error.message.includes(setup.folder), error.message);
    return true;
  });

afterEach(() => {
  setup.proxy.requests.length = 0;
});

describe("a data set on a Hub", () => {
  it("is loaded by its split, with the names of its labels, through the cache that Python shares", async () => {
    const reviews = await load("reader/imdb");
    assert.equal(reviews.name, "reader/imdb train");
    assert.deepEqual(reviews.rows, [
      { text: "Naïve, but good.", label: 1 },
      { text: "Bad.\nReally bad.", label: 0 },
      { text: "", label: 0 },
    ]);
    assert.deepEqual(reviews.id2label, { 0: "NEGATIVE", 1: "POSITIVE" });
    const snapshot = path.join(setup.folder, "cache", "datasets--reader--imdb", "snapshots", first);
    assert.ok(existsSync(path.join(snapshot, "plain_text/train-00000-of-00001.parquet")));
    // the other splits stay where they are
    assert.equal(contentRequests().length, 1);
    await load("reader/imdb", { revision: first });
    assert.equal(contentRequests().length, 1);
    assert.deepEqual((await load("reader/imdb", { id2label: { 0: "BAD", 1: "GOOD" } })).id2label[1], "GOOD");
  });

  it("is read from the cache where the Hub cannot be reached", async () => {
    await load("reader/imdb");
    assert.equal((await load("reader/imdb", { endpoint: setup.nowhere })).length, 3);
    const other = load("reader/imdb", { endpoint: setup.nowhere, split: "unsupervised" });
    await refused(other, "unreachable", /has no whole one of the dataset reader\/imdb at main/);
  });

  it("may have a file of several hundred thousand reviews", async () => {
    assert.equal((await load("reader/large")).length, LARGE);
  });

  it("is put together from several files in their order", async () => {
    const texts = (await load("reader/shards")).texts;
    assert.deepEqual(texts, ["Fourth.", "Fifth.", "Naïve, but good.", "Bad.\nReally bad.", ""]);
  });
});

describe("a data set that cannot be loaded", () => {
  it("has no such split, lacks a file, or has the split twice", async () => {
    await wrong(
      load("reader/imdb", { split: "dev" }),
      /^The dataset reader\/imdb has no split "dev"; it has test, train, unsupervised\.$/,
    );
    await wrong(load("reader/no-parquet"), /has no split "train"; it has no parquet files of any/);
    for (const split of ["test", "dev"])
      await wrong(
        load("reader/shards", { split }),
        /has 1 of the 2 files of its split "(test|dev)"; expected all/,
      );
    await wrong(load("reader/two-configs"), /has the split "train" in a and b; expected it in one folder/);
  });

  it("lacks a column, or has labels without a name", async () => {
    await wrong(load("reader/imdb", { split: "test" }), /lacks the column label; it has text, sentiment/);
    await wrong(
      load("reader/imdb", { id2label: { 0: "ONLY" } }),
      /has the label 1; expected one of \{"0":"ONLY"\}/,
    );
  });

  it("does not exist, or cannot", async () => {
    await refused(load("reader/none"), "no-repo", /has no dataset reader\/none/);
    await refused(
      load("reader/imdb", { revision: "v9" }),
      "no-revision",
      /The dataset reader\/imdb has no revision "v9"/,
    );
    await assert.rejects(load("../imdb"), (error) => {
      assert.ok(error instanceof ArgumentError);
      assert.match(error.message, /^"\.\.\/imdb" cannot be a data set on the Hub/);
      return true;
    });
  });
});
