import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it, mock } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { CheckpointError } from "../../../lib/src/runtime/errors";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import type { TrainOutput } from "../../../lib/src/training/train-output";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun } from "./tiny-run";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const whole = path.join(folder, "whole");
const ARGS = { saveStrategy: "steps", saveSteps: 2 } as const;
let runs = 0;

async function train(
  args: Partial<TrainerParams["args"]>,
  more: Partial<TrainerParams> = {},
  from = source,
): Promise<TrainOutput> {
  const model = DistilBertForSequenceClassification.fromFolder(from);
  try {
    return await new Trainer({ ...tinyRun(model, whole, { ...ARGS, ...args }), ...more }).train();
  } finally {
    model.dispose();
  }
}

/** A copy of the run's checkpoints 2, 4 and 6. */
function copied(): string {
  runs += 1;
  const outputDir = path.join(folder, `run-${runs}`);
  cpSync(whole, outputDir, { recursive: true });
  return outputDir;
}

const refused = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof CheckpointError, String(error));
  assert.match(error.message, message);
  assert.ok(!error.message.includes(folder), "no path of this machine");
  return true;
};

before(async () => {
  await train({});
});
after(() => {
  mock.restoreAll();
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** What is warned of while something runs. */
async function warnings(action: () => Promise<unknown>): Promise<string[]> {
  const warn = mock.method(console, "warn", () => undefined);
  try {
    await action();
    return warn.mock.calls.map((call) => String((call as { arguments: unknown[] }).arguments[0]));
  } finally {
    warn.mock.restore();
  }
}

describe("a damaged checkpoint", () => {
  const damages: [what: string, message: RegExp, damage: (checkpoint: string) => void][] = [
    [
      "that lost a file",
      /lacks optimizer\.safetensors/,
      (at) => {
        rmSync(path.join(at, "optimizer.safetensors"));
      },
    ],
    [
      "whose weights are cut off",
      /has model\.safetensors with 100 bytes, and \d+ were written/,
      (at) => {
        truncateSync(path.join(at, "model.safetensors"), 100);
      },
    ],
    [
      "with one bit flipped",
      /has optimizer\.safetensors with other contents than were written/,
      (at) => {
        const bytes = readFileSync(path.join(at, "optimizer.safetensors"));
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9);
        writeFileSync(path.join(at, "optimizer.safetensors"), bytes);
      },
    ],
    [
      "whose list of files cannot be read",
      /has a checkpoint\.json that cannot be read/,
      (at) => {
        writeFileSync(path.join(at, "checkpoint.json"), '{"files": {"config.json": nul');
      },
    ],
    [
      "without that list",
      /has no checkpoint\.json/,
      (at) => {
        rmSync(path.join(at, "checkpoint.json"));
      },
    ],
  ];
  for (const [what, message, damage] of damages)
    it(`${what} is told, and the one before it taken; asked for by name it is refused`, async () => {
      const outputDir = copied();
      damage(path.join(outputDir, "checkpoint-6"));
      const named = { outputDir, resumeFromCheckpoint: path.join(outputDir, "checkpoint-6") };
      await assert.rejects(train(named), refused(message));
      const told = await warnings(() => train({ outputDir, resumeFromCheckpoint: true }));
      assert.equal(told.length, 1);
      assert.match(told[0] ?? "", message);
      assert.match(
        told[0] ?? "",
        /checkpoint-6 is damaged: it .*\. Training goes on from \S*checkpoint-4 instead\./,
      );
      // the run wrote it anew
      assert.deepEqual(await warnings(() => train({ outputDir, resumeFromCheckpoint: true })), []);
    });

  it("is named where no whole one is left, and so is a folder without any", async () => {
    const outputDir = copied();
    for (const step of [2, 4, 6]) rmSync(path.join(outputDir, `checkpoint-${step}`, "config.json"));
    const goOn = (at: string) => train({ outputDir: at, resumeFromCheckpoint: true });
    await assert.rejects(
      goOn(outputDir),
      refused(/no whole checkpoint to go on from: \S+checkpoint-6 is damaged: it lacks config\.json; /),
    );
    const empty = path.join(folder, "empty");
    await assert.rejects(goOn(empty), refused(/found none at all/));
    mkdirSync(empty);
    await assert.rejects(goOn(empty), refused(/found none at all.*leave resumeFromCheckpoint out/));
    await assert.rejects(train({ resumeFromCheckpoint: "" }), refused(/it does not exist/));
  });
});

describe("a checkpoint of another run", () => {
  const goOn = (args: Partial<TrainerParams["args"]>, more?: Partial<TrainerParams>, from?: string) =>
    train({ outputDir: copied(), resumeFromCheckpoint: true, ...args }, more, from);

  it("is refused where an argument decides about the weights", async () => {
    const others: [Partial<TrainerParams["args"]>, RegExp][] = [
      [{ perDeviceTrainBatchSize: 3 }, /perDeviceTrainBatchSize \(3 now, 4 then\)/],
      [{ gradientAccumulationSteps: 2 }, /gradientAccumulationSteps \(2 now, 1 then\)/],
      [
        { learningRate: 1e-3, seed: 7 },
        /learningRate \(0\.001 now, 0\.01 then\); seed \(7 now, 42 then\)\. Go on/,
      ],
      [{ maxSteps: 9 }, /maxSteps \(9 now, 6 then\); steps \(9 now, 6 then\)/],
      [{ adamBeta1: 0.5 }, /adamBeta1 \(0\.5 now, 0\.9 then\)/],
      [{ bf16: true }, /bf16 \(true now, false then\)/],
      [{ lrSchedulerType: "cosine" }, /lrSchedulerType \("cosine" now, "linear" then\)/],
      [{ labelSmoothingFactor: 0.1, dataSeed: 3 }, /labelSmoothingFactor .*; dataSeed \(3 now, null then\)/],
      [{ compile: false }, /compile \(false now, true then\)/],
    ];
    for (const [args, message] of others) await assert.rejects(goOn(args), refused(message));
  });

  it("is refused where the labels counted otherwise", async () => {
    await assert.rejects(
      goOn({}, { classWeights: [1, 2] }),
      refused(/run: classWeights \(\[1,2\] now, null then\)\. Go on/),
    );
  });

  it("is refused where the model or the training set is another", async () => {
    const wider = writeTinyModel(path.join(folder, "wider"), { config: { hiddenDim: 32, dropout: 0.3 } });
    await assert.rejects(
      goOn({}, {}, wider),
      refused(/the model's hiddenDim \(32 now, 16 then\); the model's dropout \(0\.3 now, 0\.1 then\)/),
    );
    await assert.rejects(
      goOn({}, { trainDataset: tinyFeatures(11) }),
      refused(/training examples \(11 now, 12 then\)/),
    );
    await assert.rejects(
      goOn({}, { trainDataset: tinyFeatures(12, 9) }),
      refused(/the training examples' tokens, labels or order/),
    );
  });

  it("is taken with a word where other arguments only look on", async () => {
    assert.match(
      (
        await warnings(() => goOn({ loggingSteps: 1, saveTotalLimit: 2, gradientCheckpointing: true }))
      ).join(),
      /^\S*checkpoint-6 was written with other arguments: loggingSteps \(1 now, 500 then\); saveTotalLimit \(2 now, null then\); gradientCheckpointing \(true now, false then\)\.$/,
    );
  });

  it("with the weights alone is refused", async () => {
    const outputDir = path.join(folder, "weights-alone");
    await train({ outputDir, saveOnlyModel: true });
    await assert.rejects(
      train({ outputDir, resumeFromCheckpoint: true, saveOnlyModel: true }),
      refused(/holds the weights alone \(saveOnlyModel\)/),
    );
  });
});
