import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { createRepo, uploadFiles } from "@huggingface/hub";
import { parquetWriteBuffer } from "hyparquet-writer";
import { loadDataset, type LoadDatasetOptions } from "../../../lib/src/data/load-dataset";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { seededRandom } from "../../../lib/src/runtime/random";
import { QUICK, refused, testHub, TOKEN } from "../hub/test-hub";
import { FIXTURES } from "./review-files";

const ROWS = 20_000;
const GROUP = 1_000;

/** Texts that do not compress well, of 100 characters each. */
const random = seededRandom(1);
const texts = Array.from({ length: ROWS }, (_, row) =>
  `${row} `.padEnd(100, "#").replaceAll("#", () => String.fromCharCode(97 + Math.floor(random() * 26))),
);
const large = parquetWriteBuffer({
  columnData: [
    { name: "text", data: texts, type: "STRING" },
    { name: "unasked", data: texts, type: "STRING" },
    { name: "label", data: texts.map((_, row) => BigInt(row % 2)), type: "INT64" },
  ],
  rowGroupSize: GROUP,
});

const setup = testHub(async () => {
  const { endpoint: hubUrl } = setup.hub;
  const share = async (name: string, files: Record<string, Blob>) => {
    const repo = { type: "dataset", name: `reader/${name}` } as const;
    await createRepo({ repo, hubUrl, accessToken: TOKEN });
    const content = Object.entries(files).map(([file, blob]) => ({ path: file, content: blob }));
    await uploadFiles({ repo, files: content, hubUrl, accessToken: TOKEN, useXet: false });
  };
  const fixture = (name: string) => new Blob([readFileSync(path.join(FIXTURES, `${name}.parquet`))]);
  await share("large", { "train-00000-of-00001.parquet": new Blob([large]) });
  await share("shards", {
    "data/train-00000-of-00002.parquet": fixture("more-reviews"),
    "data/train-00001-of-00002.parquet": fixture("reviews"),
    "data/test-00000-of-00001.parquet": fixture("no-label"),
    "data/broken-00000-of-00001.parquet": new Blob(["no parquet"]),
  });
});

const cache = (name: string) => path.join(setup.folder, "caches", name);
const load = (name: string, options: Partial<LoadDatasetOptions> & { cacheName?: string } = {}) => {
  const { cacheName = "rows", ...more } = options;
  const where = { endpoint: setup.proxy.endpoint, cacheDir: cache(cacheName), ...QUICK };
  return loadDataset(name, { split: "train", ...where, ...more });
};
const contentRequests = () => setup.proxy.requests.filter((request) => request.includes("/resolve/"));
const wrong = (work: Promise<unknown>, kind: typeof DataError | typeof ArgumentError, message: RegExp) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    return true;
  });

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.requests.length = 0;
  setup.proxy.ranges.length = 0;
});

describe("some rows of a data set on a Hub", () => {
  it("take a small part of the bytes of a large file", async () => {
    const before = setup.proxy.served;
    const rows = { start: 12_345, end: 12_355 };
    const reviews = await load("reader/large", { rows });
    const transferred = setup.proxy.served - before;
    assert.deepEqual(reviews.texts, texts.slice(rows.start, rows.end));
    assert.deepEqual(reviews.labels, [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    const size = large.byteLength;
    assert.ok(size > 4e6, `${size} bytes in all`);
    assert.ok(transferred < 0.06 * size, `${transferred} of ${size} bytes`);
    assert.equal(setup.proxy.ranges.length, contentRequests().length);
    assert.ok(!existsSync(path.join(cache("rows"), "datasets--reader--large", "blobs")), "nothing is kept");
  });

  it("may lie in several groups of rows, or be all", async () => {
    const reviews = await load("reader/large", { rows: { start: GROUP - 1, end: 2 * GROUP + 1 } });
    assert.deepEqual(reviews.texts, texts.slice(GROUP - 1, 2 * GROUP + 1));
    assert.deepEqual((await load("reader/large", { rows: { start: 0, end: ROWS } })).texts, texts);
  });

  it("are counted through the files of a split, and no file after the last row is asked for", async () => {
    const some = async (start: number, end: number) =>
      (await load("reader/shards", { rows: { start, end } })).texts;
    assert.deepEqual(await some(0, 2), ["Fourth.", "Fifth."]);
    assert.ok(contentRequests().every((request) => request.includes("train-00000")));
    assert.deepEqual(await some(1, 3), ["Fifth.", "Naïve, but good."]);
    setup.proxy.requests.length = 0;
    assert.deepEqual(await some(3, 5), ["Bad.\nReally bad.", ""]);
  });

  it("come from the cache where it has the file, with or without the Hub", async () => {
    await load("reader/large", { cacheName: "whole" });
    setup.proxy.requests.length = 0;
    const rows = { start: 700, end: 703 };
    for (const endpoint of [setup.proxy.endpoint, setup.nowhere]) {
      const reviews = await load("reader/large", { cacheName: "whole", rows, endpoint });
      assert.deepEqual(reviews.texts, texts.slice(700, 703));
    }
    assert.deepEqual(contentRequests(), []);
    await refused(
      load("reader/large", { cacheName: "nothing", rows, endpoint: setup.nowhere }),
      "unreachable",
      /A copy in the cache would have been used/,
    );
  });

  it("are asked for again where the connection breaks, and given up with the Hub's error, not the file's", async () => {
    let broken = 0;
    setup.proxy.mishap = (url) => {
      if (!url.includes("/resolve/")) return undefined;
      broken += 1;
      return broken < 3 ? { breakAfter: 100 } : undefined;
    };
    const rows = { start: 5, end: 6 };
    assert.deepEqual((await load("reader/large", { rows })).texts, texts.slice(5, 6));
    setup.proxy.mishap = (url) => (url.includes("/resolve/") ? { status: 502 } : undefined);
    await refused(
      load("reader/large", { rows }),
      "unreachable",
      /is out of order for now \(status 502: .*, tried 5 times\)/,
    );
  });
});

describe("rows that cannot be read", () => {
  it("are more than there are, or none", async () => {
    await wrong(
      load("reader/shards", { rows: { start: 3, end: 6 } }),
      DataError,
      /^The split has 5 rows; expected some from 3 up to 6\.$/,
    );
    for (const rows of [
      { start: 2, end: 2 },
      { start: -1, end: 2 },
      { start: 0.5, end: 2 },
    ])
      await wrong(load("reader/shards", { rows }), ArgumentError, /are none; expected whole numbers/);
  });

  it("lack a column, or are of no parquet file", async () => {
    const rows = { start: 0, end: 1 };
    await wrong(
      load("reader/shards", { split: "test", rows }),
      DataError,
      /^\.\.\.\/data\/test-00000-of-00001\.parquet lacks the column label; it has text, sentiment/,
    );
    await wrong(
      load("reader/shards", { split: "broken", rows }),
      DataError,
      /is not a readable parquet file/,
    );
  });

  it("are of a server that sends whole files only", async () => {
    const withoutRanges: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.delete("Range");
      return fetch(input, { ...init, headers });
    };
    await refused(
      load("reader/large", { rows: { start: 0, end: 1 }, fetch: withoutRanges }),
      "damaged",
      /^The Hub at \S+ sent \d+ bytes of train-00000-of-00001\.parquet; expected the 65536 from \d+ on that were asked for/,
    );
  });
});
