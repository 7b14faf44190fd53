import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { AutoModelForSequenceClassification } from "../../../lib/src/model/auto-model";
import { readWeights, writeWeights } from "../../../lib/src/model/weights";
import { exportOnnx } from "../../../lib/src/onnx/export-onnx";
import { ArgumentError, InterruptedError, ModelError } from "../../../lib/src/runtime/errors";
import { predictLogits } from "../../../lib/src/evaluation/predict";
import type { Feature } from "../../../lib/src/tokenization/collator";
import { onSmallDisk } from "../small-disk";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyBert, writeTinyModel } from "../tiny-model";
import { largestDifference, onnxLogits } from "./onnx-logits";

const THREE = { id2label: { 0: "bad", 1: "so so", 2: "good" }, label2id: { bad: 0, "so so": 1, good: 2 } };
const texts: Feature[] = [
  { inputIds: [1, 10, 30, 31, 2], tokenTypeIds: [0, 0, 1, 1, 2] },
  { inputIds: [1, 20, 2], tokenTypeIds: [0, 1, 1] },
  { inputIds: [1] },
  { inputIds: [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 2] },
];
const KINDS = {
  DistilBERT: (folder: string) => writeTinyModel(folder, { config: { nLayers: 3, ...THREE } }),
  BERT: (folder: string) => writeTinyBert(folder, { config: { numHiddenLayers: 3, ...THREE } }),
};

const newFolder = (): string => path.join(temporaryFolder(), "model");

async function libLogits(folder: string): Promise<number[][]> {
  const model = AutoModelForSequenceClassification.fromFolder(folder);
  const logits = await predictLogits({ model, features: texts, padTokenId: 0 });
  model.dispose();
  return logits;
}

describe("exportOnnx", () => {
  for (const [kind, write] of Object.entries(KINDS)) {
    it(`writes a ${kind} of which onnxruntime says what lib says, padded or alone, at every length`, async () => {
      const folder = write(newFolder());
      const { files } = await exportOnnx({ folder });
      assert.deepEqual(
        files.map(({ path: name }) => name),
        ["onnx/model.onnx", "onnx/model_quantized.onnx"],
      );
      const expected = await libLogits(folder);
      const file = path.join(folder, "onnx/model.onnx");
      assert.ok(largestDifference(await onnxLogits(file, texts), expected) < 1e-5);
      assert.ok(largestDifference(await onnxLogits(file, texts, 1), expected) < 1e-5);
    });

    it(`writes an int8 ${kind} that says of a text in a batch what it says of it alone`, async () => {
      const folder = write(newFolder());
      await exportOnnx({ folder, dtypes: ["q8"] });
      assert.deepEqual(readdirSync(path.join(folder, "onnx")), ["model_quantized.onnx"]);
      const file = path.join(folder, "onnx/model_quantized.onnx");
      const alone = await onnxLogits(file, texts, 1);
      // last bits may differ with a batch's shape, and round one value to the next step
      assert.ok(largestDifference(await onnxLogits(file, texts), alone) < 2e-3);
      const apart = largestDifference(alone, await libLogits(folder));
      // with widths of 8 and 16; three times that with a coarser step of the tokens
      assert.ok(apart > 0 && apart < 0.01, `${apart}`);
    });
  }

  it("writes the folder's own weights, whatever wrote them", async () => {
    const folder = writeTinyModel(newFolder());
    const { tensors } = readWeights(folder);
    const bias = tensors.get("classifier.bias");
    bias?.data.set([3, -3]);
    writeWeights(folder, tensors);
    await exportOnnx({ folder, dtypes: ["fp32"] });
    const logits = await onnxLogits(path.join(folder, "onnx/model.onnx"), texts);
    assert.ok(largestDifference(logits, await libLogits(folder)) < 1e-5);
  });

  it("takes an old checkpoint's names, as lib's own models do", async () => {
    const folder = writeTinyBert(newFolder());
    const { tensors } = readWeights(folder);
    const old = (name: string): string =>
      name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    writeWeights(folder, new Map([...tensors].map(([name, tensor]) => [old(name), tensor])));
    await exportOnnx({ folder, dtypes: ["fp32"] });
    const logits = await onnxLogits(path.join(folder, "onnx/model.onnx"), texts);
    assert.ok(largestDifference(logits, await libLogits(folder)) < 1e-5);
  });

  it("refuses what it cannot write, and says why", async () => {
    const bare = writeTinyModel(newFolder(), { withHead: false });
    await assert.rejects(
      exportOnnx({ folder: bare }),
      refusal(ModelError, /has no pre_classifier.*train it/),
    );
    const broken = writeTinyModel(newFolder());
    const { tensors } = readWeights(broken);
    tensors.get("classifier.bias")?.data.set([NaN, 1]);
    writeWeights(broken, tensors);
    await assert.rejects(
      exportOnnx({ folder: broken }),
      refusal(ModelError, /classifier\.bias that are no numbers/),
    );
    const other = writeTinyModel(newFolder(), { config: { hiddenDim: 20 } });
    copyFileSync(path.join(writeTinyModel(newFolder()), "config.json"), path.join(other, "config.json"));
    await assert.rejects(
      exportOnnx({ folder: other }),
      refusal(ModelError, /lin1\.weight of shape \[20, 8\].*\[16, 8\]/),
    );
    const strange = writeTinyModel(newFolder());
    writeFileSync(path.join(strange, "config.json"), '{"model_type":"gpt2"}');
    await assert.rejects(exportOnnx({ folder: strange }), refusal(ModelError, /"gpt2" model; expected/));
    const good = writeTinyModel(newFolder());
    await assert.rejects(
      exportOnnx({ folder: good, dtypes: ["q4" as "q8"] }),
      refusal(ArgumentError, /"q4".*fp32, q8/),
    );
    await assert.rejects(
      exportOnnx({ folder: good, dtypes: [] }),
      refusal(ArgumentError, /\[\]; expected some/),
    );
    await assert.rejects(
      exportOnnx({ folder: path.join(good, "nowhere") }),
      refusal(ModelError, /does not exist/),
    );
    for (const folder of [bare, broken, other, strange, good])
      assert.equal(existsSync(path.join(folder, "onnx")), false);
  });

  it("stops between two layers when the reader interrupts it, and writes nothing", async () => {
    const folder = writeTinyModel(newFolder());
    const flag = Symbol.for("jupyter.interrupt");
    Object.defineProperty(globalThis, flag, { value: { requested: true }, configurable: true });
    try {
      await assert.rejects(exportOnnx({ folder }), InterruptedError);
    } finally {
      Reflect.deleteProperty(globalThis, flag);
    }
    assert.equal(existsSync(path.join(folder, "onnx")), false);
  });

  it("leaves an earlier export as it was when the disk is full", async (context) => {
    await onSmallDisk(context, 200, async (disk) => {
      const folder = writeTinyModel(path.join(disk, "model"));
      await exportOnnx({ folder });
      const before = readFileSync(path.join(folder, "onnx/model.onnx"));
      fill(disk);
      await assert.rejects(exportOnnx({ folder }), /ENOSPC/);
      assert.deepEqual(readFileSync(path.join(folder, "onnx/model.onnx")), before);
      assert.deepEqual(readdirSync(path.join(folder, "onnx")).sort(), ["model.onnx", "model_quantized.onnx"]);
    });
  });
});

function refusal(type: typeof ModelError | typeof ArgumentError, message: RegExp) {
  return (error: unknown) => error instanceof type && message.test(error.message);
}

/** Fills what is left of a disk. */
function fill(disk: string): void {
  mkdirSync(path.join(disk, "full"));
  try {
    for (let index = 0; ; index += 1) writeFileSync(path.join(disk, "full", `${index}`), Buffer.alloc(4096));
  } catch {
    // full
  }
}
