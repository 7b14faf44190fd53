import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { createRepo, uploadFiles } from "@huggingface/hub";
import { loadSplits, type LoadSplitsOptions } from "../../../lib/src/data/load-splits";
import { ArgumentError, DataError, type LibError } from "../../../lib/src/runtime/errors";
import { refused, testHub, TOKEN, writeFiles } from "../hub/test-hub";

const FIXTURES = path.join(__dirname, "fixtures");
const fixture = (name: string) => readFileSync(path.join(FIXTURES, `${name}.parquet`));

const setup = testHub(async () => {
  const { endpoint: hubUrl } = setup.hub;
  const share = async (name: string, files: Record<string, string | Uint8Array>) => {
    const repo = { type: "dataset", name: `reader/${name}` } as const;
    await createRepo({ repo, hubUrl, accessToken: TOKEN });
    const content = Object.entries(files).map(([file, text]) => ({ path: file, content: new Blob([text]) }));
    await uploadFiles({ repo, files: content, hubUrl, accessToken: TOKEN, useXet: false });
  };
  await share("parquet", {
    "README.md": "# Reviews",
    "data/train-00000-of-00002.parquet": fixture("class-label"),
    "data/train-00001-of-00002.parquet": fixture("more-reviews"),
    "data/validation-00000-of-00001.parquet": fixture("class-label"),
    "data/unsupervised-00000-of-00001.parquet": fixture("no-label"),
  });
  await share("lines", { "dev.jsonl": '{"text":"a","label":"x"}', "README.md": "" });
});

const onHub = () => ({ endpoint: setup.hub.endpoint, cacheDir: path.join(setup.folder, "cache") });
const write = (name: string, files: Record<string, string | Uint8Array>) =>
  writeFiles(path.join(setup.folder, name), files);

/** Labels by name, for each set. */
async function named(sources: Parameters<typeof loadSplits>[0], options: LoadSplitsOptions = {}) {
  const splits = Object.entries(await loadSplits(sources, options));
  return Object.fromEntries(
    splits.map(([role, { name, labels, id2label }]) => {
      assert.equal(name, role);
      return [role, labels.map((label) => `${label} ${id2label[label] ?? ""}`)];
    }),
  );
}

describe("sets that belong together", () => {
  it("are numbered alike, though one of them lacks a label", async () => {
    const folder = write("alike", {
      "train.csv": "text,label\na,neutral\nb,positive\nc,negative\n",
      "test.csv": "text,label\nd,positive\n",
      "other.jsonl": '{"text":"e","label":"odd"}\n{"text":"f","label":"positive"}',
    });
    assert.deepEqual(await named({ data: folder, incoming: path.join(folder, "other.jsonl") }), {
      train: ["1 neutral", "3 positive", "0 negative"],
      test: ["3 positive"],
      incoming: ["2 odd", "3 positive"],
    });
    assert.deepEqual(
      await named({ test: path.join(folder, "test.csv") }, { id2label: { 0: "NEGATIVE", 1: "POSITIVE" } }),
      { test: ["1 POSITIVE"] },
    );
  });

  it("keep what a file itself calls its numbers, though another numbers them otherwise", async () => {
    const folder = write("own-names", {
      "train.parquet": fixture("class-label"),
      "test.jsonl": '{"text":"a","label":"Pos"}\n{"text":"b","label":0}',
    });
    assert.deepEqual(await named({ data: folder }), {
      train: ["1 pos", "0 neg", "2 -1"],
      test: ["1 pos", "0 neg"],
    });
  });

  it("take the names of a model's outputs where these fit, and nothing else is known", async () => {
    const outputs = { 0: "POSITIVE", 1: "NEGATIVE" };
    const load = (content: string, more: LoadSplitsOptions = {}) =>
      named(
        { data: path.join(write("outputs", { "a.csv": `text,label\n${content}` }), "a.csv") },
        { outputs, ...more },
      );
    assert.deepEqual(await load("a,0\nb,1\nc,5\n"), { train: ["0 POSITIVE", "1 NEGATIVE", "5 LABEL_5"] });
    assert.deepEqual(await load("a,negative\nb,mixed\n"), { train: ["1 NEGATIVE", "2 mixed"] });
    assert.deepEqual(await load("a,neg\nb,pos\n"), { train: ["0 neg", "1 pos"] });
    assert.deepEqual(await load("a,0\n", { id2label: { 0: "BAD", 1: "GOOD" } }), { train: ["0 BAD"] });
    const parquet = write("outputs", { "b.parquet": fixture("class-label") });
    assert.deepEqual(await named({ data: path.join(parquet, "b.parquet") }, { outputs }), {
      train: ["1 pos", "0 neg", "2 -1"],
    });
  });
});

describe("a folder or a data set on the Hub", () => {
  it("has a file for each split, by any of the names that are usual", async () => {
    const content = "text,label\na,x\n";
    for (const [validation, test] of [
      ["val.csv", "testing.csv"],
      ["dev.csv", "eval.csv"],
      ["Valid.CSV", "Test.tsv"],
    ] as const) {
      const files = { "training.csv": content, [validation]: content, "notes.txt": "", "all.csv": "" };
      const folder = write(validation, { ...files, [test]: content.replaceAll(",", "\t") });
      assert.deepEqual(Object.keys(await named({ data: folder })), ["train", "validation", "test"]);
    }
  });

  it("may be laid out as datasets does, in several parquet files", async () => {
    const folder = write("shards", {
      "test-00000-of-00002.parquet": fixture("more-reviews"),
      "test-00001-of-00002.parquet": fixture("reviews"),
      "test.csv": "left",
    });
    const { test } = await loadSplits({ data: folder });
    assert.deepEqual(test?.texts, ["Fourth.", "Fifth.", "Naïve, but good.", "Bad.\nReally bad.", ""]);
    assert.deepEqual(await named({ data: "reader/parquet" }, onHub()), {
      train: ["1 pos", "0 neg", "2 -1", "0 neg", "1 pos"],
      validation: ["1 pos", "0 neg", "2 -1"],
    });
    assert.deepEqual(await named({ data: "reader/lines" }, onHub()), { validation: ["0 x"] });
  });

  it("is read from the cache where the Hub cannot be reached", async () => {
    await loadSplits({ data: "reader/parquet" }, onHub());
    const away = { ...onHub(), endpoint: setup.nowhere };
    assert.deepEqual(Object.keys(await loadSplits({ data: "reader/parquet" }, away)), [
      "train",
      "validation",
    ]);
  });
});

describe("sets that cannot be told", () => {
  const wrong = (work: Promise<unknown>, message: RegExp, kind: typeof LibError = DataError) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      assert.ok(!error.message.includes(path.dirname(setup.folder)), error.message);
      return true;
    });

  it("are none, or two that could be the same", async () => {
    await wrong(
      loadSplits({ data: write("none", { "reviews.csv": "" }) }),
      /^The folder \.\.\..*none has no split; expected files such as train\.csv/,
    );
    const twice = write("twice", { "val.csv": "", "dev.csv": "" });
    await wrong(
      loadSplits({ data: twice }),
      /has dev\.csv and val\.csv, each of which could be its validation split/,
    );
    const lacking = write("lacking", { "train-00000-of-00002.parquet": fixture("reviews") });
    await wrong(loadSplits({ data: lacking }), /has 1 of the 2 files of its split "train"; expected all/);
  });

  it("are named twice, or not there", async () => {
    const folder = write("both", { "train.csv": "text,label\na,x\n", "a.csv": "text,label\na,x\n" });
    await wrong(
      loadSplits({ data: folder, train: path.join(folder, "a.csv") }),
      /both\/a\.csv was given for train, which \S*both has too/,
      ArgumentError,
    );
    await wrong(
      loadSplits({ data: "reviews.csv" }),
      /^reviews\.csv does not exist; expected a file of reviews, a folder/,
    );
    await wrong(loadSplits({ data: "./none" }), /^none does not exist/);
    await wrong(loadSplits({ test: "none.csv" }), /^none\.csv does not exist; expected a file/);
    await refused(loadSplits({ data: "reader/none" }, onHub()), "no-repo", /has no dataset reader\/none/);
    mkdirSync(path.join(folder, "train.csv.d"));
    await wrong(loadSplits({ data: path.join(folder, "train.csv.d") }), /has no split/);
  });
});
