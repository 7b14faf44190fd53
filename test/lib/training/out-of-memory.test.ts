import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";
import { TrainingError } from "../../../lib/src/runtime/errors";
import { explainOutOfMemory } from "../../../lib/src/training/out-of-memory";
import { trainingArguments } from "../../../lib/src/training/training-arguments";
import { collate } from "../../../lib/src/tokenization/collator";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";

describe("a run that is out of memory", () => {
  const canLimit = spawnSync("prlimit", ["--version"]).status === 0;

  it("says what was asked for, and which argument lowers it", { skip: !canLimit && "needs prlimit" }, () => {
    // a feed-forward network that wants 1 GB in one piece; the last layer has one for the first tokens alone
    const config = { maxPositionEmbeddings: 512, hiddenDim: 1024, nLayers: 2 };
    const source = writeTinyModel(path.join(temporaryFolder(), "model"), { config });
    const program = path.join(__dirname, "out-of-memory-child.ts");
    const child = spawnSync(process.execPath, ["--import", "tsx", program, source], { encoding: "utf8" });
    assert.match(
      child.stdout,
      new RegExp(
        "^TrainingError: Step 1 ran out of memory on CPU:0: a tensor of shape \\[262144, 1024\\] " +
          "\\(float, 1073741824 bytes\\) was one too many\\. Lower perDeviceTrainBatchSize \\(512\\) and raise " +
          "gradientAccumulationSteps \\(1\\) as much, or cut the texts by the tokenizer's maxLength: the longest here has 512 tokens\\.$",
        "m",
      ),
      child.stderr,
    );
  });

  it("says so of a scalar and other types too, and no other error is touched", () => {
    const args = trainingArguments({ outputDir: "unused" });
    const about = { batches: [collate(tinyFeatures(3), 0)], args, step: 2 };
    const of = (what: string) =>
      explainOutOfMemory(
        new Error(
          `Invalid TF_Status: 8\nMessage: OOM when allocating tensor with ${what} on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc\n\t [[{{node op7}}]]`,
        ),
        about,
      );
    for (const [what, bytes] of [
      ["shape[] and type float", "4 bytes"],
      ["shape[3,5] and type half", "30 bytes"],
      ["shape[7] and type int64", "56 bytes"],
    ] as const) {
      const found = of(what);
      assert.ok(found instanceof TrainingError && found.cause instanceof Error);
      assert.match(found.message, new RegExp(`^Step 2 ran out of memory on GPU:0: .*, ${bytes}\\)`));
    }
    for (const other of [new Error("Invalid TF_Status: 3\nMessage: nothing of the kind"), "text"])
      assert.equal(explainOutOfMemory(other, about), other);
  });
});
