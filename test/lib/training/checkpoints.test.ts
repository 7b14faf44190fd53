import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, CheckpointError } from "../../../lib/src/runtime/errors";
import { damageOf } from "../../../lib/src/training/checkpoint-manifest";
import { rotateCheckpoints } from "../../../lib/src/training/checkpoints";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { onSmallDisk } from "../small-disk";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const scratch = path.join(folder, "scratch");
let runs = 0;
let model: DistilBertForSequenceClassification;
let outputDir: string;

beforeEach(() => {
  model = DistilBertForSequenceClassification.fromFolder(source);
  runs += 1;
  outputDir = path.join(folder, `run-${runs}`);
});
afterEach(() => {
  model.dispose();
});
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

const read = (...parts: string[]) => readFileSync(path.join(outputDir, ...parts));
const stateOf = (checkpoint: string) =>
  JSON.parse(read(checkpoint, "trainer_state.json").toString()) as Record<string, unknown>;

/** Trains with a check and a checkpoint every step, and metrics that were decided beforehand. */
async function runWith(scores: number[], args: Partial<TrainerParams["args"]> = {}) {
  let check = 0;
  return new Trainer({
    ...tinyRun(model, outputDir, {
      ...{ evalStrategy: "steps", saveStrategy: "steps", evalSteps: 1, saveSteps: 1, loggingSteps: 1 },
      ...{ maxSteps: scores.length, loadBestModelAtEnd: true, metricForBestModel: "score", ...args },
    }),
    computeMetrics: () => {
      check += 1;
      return { score: scores[check - 1] ?? NaN };
    },
  }).train();
}

describe("a checkpoint", () => {
  it("holds what transformers reads: weights, config and trainer_state.json", async () => {
    const { state, lastCheckpoint } = await runWith([0.5, 0.25], { loadBestModelAtEnd: false });
    assert.equal(lastCheckpoint, path.join(outputDir, "checkpoint-2"));
    assert.deepEqual(readdirSync(lastCheckpoint).sort(), [
      ...["checkpoint.json", "config.json", "model.safetensors", "optimizer.safetensors", "scheduler.json"],
      ...["train_dataset.json", "trainer_state.json", "training_args.json"],
    ]);
    assert.deepEqual(read("checkpoint-2/model.safetensors"), weightBytes(model, scratch));
    const { log_history: log, stateful_callbacks: callbacks, ...rest } = stateOf("checkpoint-2");
    assert.deepEqual(Object.keys(callbacks as object), ["RunFlow", "RunCheckpoints"]);
    assert.deepEqual(rest, {
      best_global_step: 1,
      best_metric: 0.5,
      best_model_checkpoint: "checkpoint-1",
      epoch: 2 / 3,
      eval_steps: 1,
      global_step: 2,
      is_local_process_zero: true,
      is_world_process_zero: true,
      logging_steps: 1,
      max_steps: 2,
      num_train_epochs: 1,
      save_steps: 1,
      train_batch_size: 4,
    });
    // all but how the run went as a whole, which nobody knew yet
    assert.deepEqual(log, JSON.parse(JSON.stringify(state.logHistory.slice(0, -1))));
  });

  it("that is the best says so in its own trainer_state.json", async () => {
    await runWith([0.5, 0.75]);
    for (const step of [1, 2]) {
      const state = stateOf(`checkpoint-${step}`);
      assert.deepEqual(
        [state["best_global_step"], state["best_model_checkpoint"]],
        [step, `checkpoint-${step}`],
      );
    }
  });

  it("holds no optimizer where the weights alone are wanted", async () => {
    const { lastCheckpoint } = await runWith([0.5], { loadBestModelAtEnd: false, saveOnlyModel: true });
    assert.deepEqual(
      readdirSync(lastCheckpoint ?? "").filter((name) => /optimizer|scheduler/.test(name)),
      [],
    );
  });

  it("replaces one of the same name whole, and what a killed run left goes", async () => {
    const stale = path.join(outputDir, "checkpoint-1");
    mkdirSync(stale, { recursive: true });
    writeFileSync(path.join(stale, "optimizer.pt"), "old");
    mkdirSync(path.join(outputDir, "checkpoint-7.part"));
    await runWith([0.5]);
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-1"]);
    assert.equal(existsSync(path.join(stale, "optimizer.pt")), false);
  });

  it("is saved at the last step too, and evaluated, as transformers' DefaultFlowCallback does", async () => {
    const { state } = await runWith([0.1, 0.2, 0.3], { evalSteps: 2, saveSteps: 2, maxSteps: 5 });
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-2", "checkpoint-4", "checkpoint-5"]);
    assert.deepEqual([state.bestGlobalStep, state.bestMetric], [5, 0.3]);
  });

  it("comes at the end of every epoch where the strategy says so, of a part of one too", async () => {
    // 12 examples in batches of 4: epochs of 3 steps
    const { state } = await runWith([0.1, 0.2, 0.3], {
      evalStrategy: "epoch",
      saveStrategy: "epoch",
      maxSteps: 8,
    });
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-3", "checkpoint-6", "checkpoint-8"]);
    assert.equal(state.bestGlobalStep, 8);
  });
});

describe("the best checkpoint", () => {
  it("is the first of equals: only a strictly better one replaces it", async () => {
    const { state } = await runWith([0.5, 1, 1, 0.75, 1]);
    assert.deepEqual([state.bestGlobalStep, state.bestMetric], [2, 1]);
    assert.equal(state.bestModelCheckpoint, path.join(outputDir, "checkpoint-2"));
    assert.deepEqual(weightBytes(model, scratch), read("checkpoint-2/model.safetensors"));
    assert.notDeepEqual(weightBytes(model, scratch), read("checkpoint-5/model.safetensors"));
  });

  it("is the least where less is better", async () => {
    const { state } = await runWith([0.5, 0.25, 0.25, 0.75], { greaterIsBetter: false });
    assert.equal(state.bestGlobalStep, 2);
  });

  it("is never one whose metric is not a number", async () => {
    assert.equal((await runWith([NaN, 0.5, NaN, 0.25])).state.bestGlobalStep, 2);
    assert.equal((await runWith([0.5, NaN], { greaterIsBetter: false })).state.bestGlobalStep, 1);
    const { state } = await runWith([NaN, NaN]);
    assert.deepEqual([state.bestGlobalStep, state.bestMetric, state.bestModelCheckpoint], [null, null, null]);
  });

  it("is not loaded unless asked for", async () => {
    await runWith([1, 0], { loadBestModelAtEnd: false });
    assert.deepEqual(weightBytes(model, scratch), read("checkpoint-2/model.safetensors"));
  });

  it("is chosen by a metric with or without its prefix, and an unknown one is refused", async () => {
    assert.equal((await runWith([0, 1], { metricForBestModel: "eval_score" })).state.bestGlobalStep, 2);
    const before = tensorCounts();
    await assert.rejects(
      runWith([0, 1], { metricForBestModel: "accuracy" }),
      new ArgumentError('metricForBestModel is "accuracy", and the evaluation gave eval_loss, eval_score.'),
    );
    assert.deepEqual(tensorCounts(), before);
  });
});

describe("a limit of checkpoints", () => {
  const rotate = (limit: number | null, best: number | null, steps = [2, 4, 6, 8]) => {
    const at = (step: number) => path.join(outputDir, `checkpoint-${step}`);
    for (const step of steps) mkdirSync(at(step), { recursive: true });
    const staying = rotateCheckpoints({
      written: steps.map(at),
      limit,
      best: best === null ? null : at(best),
    });
    const onDisk = readdirSync(outputDir).map((name) => Number(name.replace("checkpoint-", "")));
    assert.deepEqual(staying, onDisk.map(at));
    return onDisk;
  };

  it("removes the oldest, but the best and the newest stay (trainer_utils.py, rotate_checkpoints)", () => {
    assert.deepEqual(rotate(3, null), [4, 6, 8]);
    assert.deepEqual(rotate(3, 2), [2, 6, 8]);
    assert.deepEqual(rotate(2, 2), [2, 8]);
    assert.deepEqual(rotate(2, 8), [6, 8]);
    assert.deepEqual(rotate(1, 2), [2, 8]);
    assert.deepEqual(rotate(1, 8), [8]);
    assert.deepEqual(rotate(1, null), [8]);
    assert.deepEqual(rotate(9, 2), [2, 4, 6, 8]);
  });

  it("of none or 0 keeps all", () => {
    assert.deepEqual(rotate(null, 2), [2, 4, 6, 8]);
    assert.deepEqual(rotate(0, 2), [2, 4, 6, 8]);
  });

  it("leaves the best and the newest of a run, and another run's alone", async () => {
    mkdirSync(path.join(outputDir, "checkpoint-900"), { recursive: true });
    await runWith([0.1, 0.9, 0.3, 0.4], { saveTotalLimit: 1 });
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-2", "checkpoint-4", "checkpoint-900"]);
  });
});

describe("a disk that is full while a checkpoint is saved", () => {
  it("ends the run with an error; older checkpoints stay whole, no part is left, nothing leaks", async (context) => {
    // a checkpoint takes a dozen pages of 4 kB
    await onSmallDisk(context, 120, async (disk) => {
      const before = tensorCounts();
      const run = tinyRun(model, disk, { saveStrategy: "steps", saveSteps: 1 });
      await assert.rejects(new Trainer(run).train(), (error) => {
        assert.ok(error instanceof CheckpointError, String(error));
        const wanted = model.numParameters * 4 * 3;
        assert.match(error.message, /^\S+\/checkpoint-\d could not be written \(ENOSPC\)/);
        assert.match(
          error.message,
          new RegExp(`wants ${wanted} bytes and some for JSON, and the disk has \\d+ left`),
        );
        return true;
      });
      const left = readdirSync(disk);
      assert.ok(left.length > 0, "at least one checkpoint was saved");
      assert.deepEqual(
        left,
        left.map((_, index) => `checkpoint-${index + 1}`),
      );
      for (const name of left) {
        assert.equal(damageOf(path.join(disk, name)), undefined);
        DistilBertForSequenceClassification.fromFolder(path.join(disk, name)).dispose();
      }
      assert.deepEqual(tensorCounts(), before);
    });
  });
});
