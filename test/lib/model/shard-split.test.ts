import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shardBytes, splitIntoShards } from "../../../lib/src/model/shard-split";
import { ArgumentError } from "../../../lib/src/runtime/errors";

const tensor = (count: number) => ({ shape: [count], data: new Float32Array(count) });
/** How tensors a, b, c, ... of so many values are split: the names in each shard. */
function split(counts: number[], maxBytes: number): string[] {
  const tensors = new Map(counts.map((count, index) => [String.fromCharCode(97 + index), tensor(count)]));
  return splitIntoShards(tensors, maxBytes).map((shard) => [...shard.keys()].join(""));
}

describe("tensors split into shards", () => {
  it("keep their order, and fill a shard until the next would not fit", () => {
    // the example of huggingface_hub: 6, 6, 2, 6, 2 and 2 GB in shards of 10
    assert.deepEqual(split([6, 6, 2, 6, 2, 2], 40), ["a", "bc", "def"]);
    assert.deepEqual(split([1, 1, 1, 1], 8), ["ab", "cd"]);
    assert.deepEqual(split([1, 1, 1, 1], 16), ["abcd"]);
  });

  it("get a shard of their own where they are larger than one", () => {
    assert.deepEqual(split([1, 9, 1], 8), ["b", "ac"]);
    assert.deepEqual(split([9], 8), ["a"]);
    assert.deepEqual(split([9, 9], 8), ["a", "b"]);
  });

  it("may be none", () => {
    assert.deepEqual(split([], 8), [""]);
    assert.deepEqual(split([0, 0], 8), ["ab"]);
  });
});

describe("the size of a shard", () => {
  it("is a number of bytes, or text in units of a thousand", () => {
    const sizes = [7, "5KB", "5mb", " 1.5 GB ", "50GB", "2TB", Infinity];
    assert.deepEqual(sizes.map(shardBytes), [7, 5e3, 5e6, 1.5e9, 50e9, 2e12, Infinity]);
  });

  it("is refused if it is anything else", () => {
    for (const size of [0, -1, NaN, "", "5", "5GiB", "GB", "-5GB", "0KB", "five GB"])
      assert.throws(() => shardBytes(size), ArgumentError, String(size));
    assert.throws(
      () => shardBytes("5GiB"),
      new ArgumentError(
        'maxShardSize is "5GiB"; expected a number of bytes above 0, or text such as "5GB" (KB, MB, GB or TB).',
      ),
    );
  });
});
