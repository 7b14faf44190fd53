import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readLabelNames } from "../../../lib/src/model/label-names";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../../lib/src/model/safetensors";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { readWeights, shardNames, weightShapes, writeWeights } from "../../../lib/src/model/weights";
import { ArgumentError, ModelError } from "../../../lib/src/runtime/errors";
import { onSmallDisk } from "../small-disk";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

/** What transformers writes for the same tiny model (make_shard_fixtures.py): its index, none where one file holds all. */
const { indices } = JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/shards.json"), "utf8")) as {
  indices: [size: string | number, index: string | null][];
};

const folder = temporaryFolder();
const INDEX = "model.safetensors.index.json";
const ONE = "model-00001-of-00002.safetensors";
const TWO = "model-00002-of-00002.safetensors";
const tensors = new Map<string, HostTensor>([
  ["b", { shape: [2], data: Float32Array.of(1, 2) }],
  ["a", { shape: [1, 3], data: Float32Array.of(3, 4, 5) }],
]);
const made = (name: string) => path.join(folder, name);
function sharded(name: string): string {
  writeWeights(made(name), tensors, { maxShardSize: 12 });
  return made(name);
}

describe("weights in shards", () => {
  for (const [maxShardSize, index] of indices)
    it(`are split and named as by transformers at ${maxShardSize}`, () => {
      const model = DistilBertForSequenceClassification.fromFolder(writeTinyModel(made("tiny")));
      const to = made(`tiny ${maxShardSize}`);
      model.savePretrained(to, { maxShardSize });
      const { weight_map: map } = JSON.parse(index ?? '{"weight_map":{}}') as {
        weight_map: Record<string, string>;
      };
      const shards = index === null ? ["model.safetensors"] : [...new Set(Object.values(map)), INDEX];
      assert.deepEqual(readdirSync(to).sort(), ["config.json", ...shards].sort());
      if (index !== null) assert.equal(readFileSync(path.join(to, INDEX), "utf8"), index);
      for (const [name, shard] of Object.entries(map))
        assert.ok(readSafetensors(path.join(to, shard)).tensors.has(name), name);
      const back = DistilBertForSequenceClassification.fromFolder(to);
      assert.deepEqual(back.newlyInitialized, []);
      assert.deepEqual(readWeights(to).tensors, readWeights(made("tiny")).tensors);
      back.loadWeights(to);
      assert.equal(readLabelNames(to).outputs, 2);
      back.dispose();
      model.dispose();
    });

  it("come back from their folder, which names them", () => {
    const from = sharded("two");
    assert.deepEqual(readWeights(from).tensors, tensors);
    assert.deepEqual(shardNames(from).sort(), [ONE, TWO]);
    const shapes = [...(weightShapes(from) ?? [])].map(([name, { shape }]) => [name, shape]);
    assert.deepEqual(shapes.sort(), [
      ["a", [1, 3]],
      ["b", [2]],
    ]);
  });

  it("give way to model.safetensors where that is there too, as in transformers", () => {
    const from = sharded("both");
    writeSafetensors(
      path.join(from, "model.safetensors"),
      new Map([["c", { shape: [], data: Float32Array.of(9) }]]),
    );
    assert.deepEqual([...readWeights(from).tensors.keys()], ["c"]);
    assert.deepEqual(shardNames(from), []);
  });

  it("take the place of what was saved before, and leave other files", () => {
    const to = made("replaced");
    mkdirSync(to);
    writeFileSync(path.join(to, "model-card.txt"), "stays");
    writeWeights(to, tensors);
    assert.deepEqual(readdirSync(to).sort(), ["model-card.txt", "model.safetensors"]);
    writeWeights(to, tensors, { maxShardSize: 12 });
    assert.deepEqual(readdirSync(to).sort(), [ONE, TWO, "model-card.txt", INDEX].sort());
    writeWeights(to, tensors, { maxShardSize: "1KB" });
    assert.deepEqual(readdirSync(to).sort(), ["model-card.txt", "model.safetensors"]);
    assert.deepEqual(readWeights(to).tensors, tensors);
  });

  it("are not saved at a size that is none, and what was saved stays", () => {
    const to = sharded("sizes");
    assert.throws(() => {
      writeWeights(to, new Map(), { maxShardSize: "5GiB" });
    }, ArgumentError);
    assert.deepEqual(readWeights(to).tensors, tensors);
  });

  it("that do not fit on the disk leave what was saved before", async (context) => {
    await onSmallDisk(context, 64, (disk) => {
      writeWeights(disk, tensors, { maxShardSize: 12 });
      const before = readdirSync(disk).map((name) => [name, readFileSync(path.join(disk, name), "hex")]);
      const large = () => ({ shape: [10_000], data: new Float32Array(10_000) });
      // the first shard would fit
      assert.throws(() => {
        writeWeights(disk, new Map(["a", "b"].map((name) => [name, large()])), { maxShardSize: "40KB" });
      }, /ENOSPC/);
      const left = readdirSync(disk).map((name) => [name, readFileSync(path.join(disk, name), "hex")]);
      assert.deepEqual(left, before);
    });
  });
});

describe("weights that are not whole", () => {
  it("are refused where there are none, though their shapes are merely unknown", () => {
    mkdirSync(made("empty"));
    assert.throws(
      () => readWeights(made("empty")),
      new ModelError(".../empty/model.safetensors does not exist: expected the weights beside config.json."),
    );
    assert.equal(weightShapes(made("empty")), undefined);
    assert.deepEqual(shardNames(made("empty")), []);
  });

  it("are refused where a shard is missing", () => {
    const from = sharded("missing");
    rmSync(path.join(from, TWO));
    assert.throws(
      () => readWeights(from),
      new ModelError(
        `.../missing/${INDEX} names the shard "${TWO}", which is not beside it. Fetch or save the model again.`,
      ),
    );
  });

  it("are refused where a shard lacks a tensor, or is broken", () => {
    const from = sharded("lacking");
    writeSafetensors(path.join(from, ONE), new Map());
    assert.throws(
      () => readWeights(from),
      new ModelError(
        `.../lacking/${ONE} has no tensor "b", which the index puts there. Fetch or save the model again.`,
      ),
    );
    writeFileSync(path.join(from, ONE), "no safetensors at all");
    assert.throws(() => readWeights(from), /00001-of-00002\.safetensors is not a usable safetensors file/);
  });
});
