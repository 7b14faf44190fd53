import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readShardIndex, SHARD_INDEX_NAME, shardIndexJson } from "../../../lib/src/model/shard-index";
import { ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";

const folder = temporaryFolder();
const read = (content: string | Uint8Array) => {
  writeFileSync(path.join(folder, SHARD_INDEX_NAME), content);
  return readShardIndex(folder);
};
const refused = (content: string | Uint8Array, message: RegExp) => {
  assert.throws(
    () => read(content),
    (error) => {
      assert.ok(error instanceof ModelError, String(error));
      assert.match(
        error.message,
        /^\S+index\.json is not a usable index of shards: .* Fetch or save it again\.$/,
      );
      assert.match(error.message, message);
      return true;
    },
    String(content),
  );
};

describe("an index of shards", () => {
  const shards = new Map([
    ["model-00001-of-00002.safetensors", ["b", "a"]],
    ["model-00002-of-00002.safetensors", ["__proto__"]],
  ]);

  it("tells which tensors are in which shard, and comes back as it was written", () => {
    const json = shardIndexJson({ shards, totalParameters: 3, totalSize: 12 });
    assert.deepEqual(
      read(json),
      new Map([
        ["model-00002-of-00002.safetensors", ["__proto__"]],
        ["model-00001-of-00002.safetensors", ["a", "b"]],
      ]),
    );
    assert.match(json, /^\{\n {2}"metadata": \{\n {4}"total_parameters": 3,\n {4}"total_size": 12\n {2}\},/);
  });

  it("is refused where it leads out of its folder, or to something else than safetensors", () => {
    const inside = path.join(folder, "inside");
    mkdirSync(inside);
    const names = [
      "../outside.safetensors",
      "/etc/x.safetensors",
      "inside/x.safetensors",
      "..\\x.safetensors",
    ];
    names.push("C:x.safetensors", "x\0.safetensors", "", "..", "pytorch_model.bin", "config.json");
    for (const shard of names)
      refused(
        JSON.stringify({ weight_map: { good: "model-1.safetensors", bad: shard } }),
        /it puts tensor "bad" into ".*", which is no safetensors file beside it/,
      );
  });

  it("is refused where it is no JSON, has no weight_map, or names a tensor twice", () => {
    refused("", /it is no JSON with a weight_map of text to text/);
    refused("[]", /it is no JSON with a weight_map of text to text/);
    refused("{}", /its weight_map is missing or empty/);
    refused('{"weight_map": {}}', /its weight_map is missing or empty/);
    refused('{"weight_map": ["a"]}', /it is no JSON with a weight_map of text to text/);
    refused('{"weight_map": {"a": 1}}', /it is no JSON with a weight_map of text to text/);
    refused('{"weight_map": {"a": "x.safetensors"}} x', /it is no JSON with a weight_map of text to text/);
    refused(
      '{"weight_map": {"a": "x.safetensors", "\\u0061": "y.safetensors"}}',
      /it names tensor "a" twice/,
    );
    refused(Uint8Array.of(0x22, 0xff, 0x22), /it is no JSON with a weight_map of text to text/);
  });

  it("is refused where it cannot be read", () => {
    const other = path.join(folder, "other");
    mkdirSync(path.join(other, SHARD_INDEX_NAME), { recursive: true });
    assert.throws(() => readShardIndex(other), /index of shards: it cannot be read \(EISDIR\)/);
  });
});
