import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { readWeights } from "../../../lib/src/model/weights";
import { ModelError } from "../../../lib/src/runtime/errors";
import { writeTinyModel } from "../tiny-model";
import { refused, testHub, TOKEN } from "./test-hub";

const NAME = "reader/sharded";
const INDEX = "model.safetensors.index.json";
const SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;

const setup = testHub(async () => {
  const model = DistilBertForSequenceClassification.fromFolder(whole);
  model.savePretrained(source, { maxShardSize: 3000 });
  model.dispose();
  await push(NAME);
});
const { folder } = setup;
const whole = writeTinyModel(path.join(folder, "whole"));
const source = path.join(folder, "source");
const push = (repo: string) =>
  pushToHub({ folder: source, repo, endpoint: setup.hub.endpoint, token: TOKEN, commitMessage: "Push" });
const from = (repo: string, cache: string, more: { endpoint?: string; revision?: string } = {}) =>
  DistilBertForSequenceClassification.fromPretrained(repo, {
    endpoint: setup.proxy.endpoint,
    cacheDir: path.join(folder, "caches", cache),
    ...more,
  });
const contentRequests = () => setup.proxy.requests.filter((request) => request.includes("/resolve/"));

afterEach(() => {
  setup.proxy.mishap = undefined;
  setup.proxy.requests.length = 0;
});

describe("a model in shards on the Hub", () => {
  it("is pulled with its index and its shards, and once", async () => {
    const model = await from(NAME, "once");
    assert.deepEqual(model.newlyInitialized, []);
    model.savePretrained(path.join(folder, "back"));
    model.dispose();
    assert.deepEqual(readWeights(path.join(folder, "back")).tensors, readWeights(whole).tensors);
    const snapshots = path.join(folder, "caches/once/models--reader--sharded/snapshots");
    const [commit = ""] = readdirSync(snapshots);
    assert.deepEqual(
      readdirSync(path.join(snapshots, commit)).sort(),
      ["config.json", ...SHARDS, INDEX].sort(),
    );
    assert.equal(contentRequests().length, 4);
    (await from(NAME, "once")).dispose();
    assert.equal(contentRequests().length, 4);
    // out of the cache alone: by the branch, and by the commit
    (await from(NAME, "once", { endpoint: setup.nowhere })).dispose();
    (await from(NAME, "once", { endpoint: setup.nowhere, revision: commit })).dispose();
  });

  it("is asked for by its branch once, so that its files are of one commit even if the branch moves on", async () => {
    (await from(NAME, "one-commit")).dispose();
    const asked = setup.proxy.requests.flatMap((request) => /\/revision\/([^?]*)/.exec(request)?.[1] ?? []);
    assert.deepEqual([asked[0], asked.length], ["main", 2]);
    const [commit] = readdirSync(path.join(folder, "caches/one-commit/models--reader--sharded/snapshots"));
    assert.equal(asked[1], commit);
  });

  it("is refused where the Hub lacks a shard", async () => {
    const last = path.join(source, SHARDS[1]);
    const bytes = readFileSync(last);
    rmSync(last);
    try {
      await push("reader/lacking");
    } finally {
      writeFileSync(last, bytes);
    }
    await refused(
      from("reader/lacking", "lacking"),
      "no-file",
      /^The model reader\/lacking has no model-00002-of-00002\.safetensors at [0-9a-f]{40}; it has .*00001/,
    );
  });

  it("is refused where its index leads out of the folder, and nothing is pulled for it", async () => {
    const file = path.join(source, INDEX);
    const index = readFileSync(file, "utf8");
    writeFileSync(file, index.replaceAll(SHARDS[1], "../../../../outside.safetensors"));
    try {
      await push("reader/outside");
    } finally {
      writeFileSync(file, index);
    }
    await assert.rejects(from("reader/outside", "outside"), (error) => {
      assert.ok(error instanceof ModelError, String(error));
      assert.match(error.message, /index\.json is not a usable index of shards: it puts tensor/);
      assert.ok(!error.message.includes(folder));
      return true;
    });
    assert.ok(!contentRequests().some((request) => request.includes("outside.safetensors")));
    assert.ok(!existsSync(path.join(folder, "outside.safetensors")));
  });

  it("is refused where it has neither weights nor an index", async () => {
    const bare = path.join(folder, "bare");
    writeTinyModel(bare);
    rmSync(path.join(bare, "model.safetensors"));
    await pushToHub({
      ...{ folder: bare, repo: "reader/bare", commitMessage: "Push" },
      ...{ endpoint: setup.hub.endpoint, token: TOKEN },
    });
    await refused(
      from("reader/bare", "bare"),
      "no-file",
      /^The model reader\/bare has no model\.safetensors or model\.safetensors\.index\.json at main; it has .*config\.json\.$/,
    );
  });
});
