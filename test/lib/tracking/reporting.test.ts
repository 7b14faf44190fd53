import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import type { TrainerState } from "../../../lib/src/training/trainer-state";
import { onSmallDisk } from "../small-disk";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { tinyRun } from "../training/tiny-run";
import { curves, readEvents } from "./event-records";
import { saidLines } from "./said-lines";
import { scalarsOf } from "./scalars-of";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const said = saidLines();
let runs = 0;

afterEach(() => {
  delete process.env["TENSORBOARD_LOGGING_DIR"];
});

const ARGS: Partial<TrainerParams["args"]> = {
  ...{ maxSteps: 8, loggingSteps: 2, evalStrategy: "steps", evalSteps: 4 },
  ...{ saveStrategy: "steps", saveSteps: 4, metricForBestModel: "accuracy" },
};

/** Trains a fresh model, or one that goes on from a checkpoint; the state at the end. */
async function train(
  args: Partial<TrainerParams["args"]>,
  more: { resume?: string; callback?: TrainerCallback } = {},
): Promise<{ state: TrainerState; outputDir: string }> {
  runs += 1;
  const outputDir = args.outputDir ?? path.join(folder, `run-${runs}`);
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const callbacks = more.callback ? [more.callback] : [];
  const trainer = new Trainer({ ...tinyRun(model, outputDir, { ...ARGS, ...args }), callbacks });
  try {
    await trainer.train({ resumeFromCheckpoint: more.resume ?? false });
  } finally {
    model.dispose();
  }
  return { state: trainer.state, outputDir };
}

function withoutTimes<Value>(shown: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(shown).filter(([tag]) => !/runtime|per_second/.test(tag)));
}

/** The one folder of TensorBoard's in a run's. */
function eventFolder(outputDir: string): string {
  const [name = "", ...others] = readdirSync(path.join(outputDir, "runs"));
  assert.deepEqual(others, []);
  return path.join(outputDir, "runs", name);
}

describe("a run that TensorBoard shows", () => {
  it("has the log as curves, what it was, and what it came to", async () => {
    const { state, outputDir } = await train({ reportTo: "tensorboard", runName: "a/b" });
    const events = readEvents(eventFolder(outputDir));
    assert.deepEqual(withoutTimes(curves(events)), withoutTimes(scalarsOf(state.logHistory)));
    assert.match(eventFolder(outputDir), /[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_a-b$/);
    const texts = new Map(events.flatMap((event) => event.texts));
    assert.match(texts.get("args/text_summary") ?? "", /"learning_rate": 0.01,/);
    assert.match(texts.get("model_config/text_summary") ?? "", /"n_layers": 1,/);
    assert.match(texts.get("run/text_summary") ?? "", /"num_train_examples": 12,/);
    assert.match(texts.get("final/text_summary") ?? "", /^\| metric \| value \|\n.*\n\| best_metric \| [01]/);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /^TensorBoard: tensorboard --logdir .*runs \("\.\.\." stands for .*\)$/);
  });

  it("names no folder of this machine, no user and no host", async () => {
    const { outputDir } = await train({ reportTo: "tensorboard" });
    const run = eventFolder(outputDir);
    const [file = ""] = readdirSync(run);
    const written = file + readFileSync(path.join(run, file)).toString("latin1");
    for (const secret of [folder, REPOSITORY, os.homedir(), `.${os.hostname()}.`])
      assert.ok(!written.includes(secret), secret);
  });

  it("goes on in the same run, and no point is there twice", async () => {
    const first = await train({ reportTo: "tensorboard" });
    const { outputDir } = first;
    const { state } = await train(
      { reportTo: "tensorboard", outputDir },
      { resume: path.join(outputDir, "checkpoint-4") },
    );
    assert.deepEqual(
      withoutTimes(curves(readEvents(eventFolder(outputDir)))),
      withoutTimes(scalarsOf(state.logHistory)),
    );
  });

  it("keeps what it logged where the run is stopped", async () => {
    const outputDir = path.join(folder, "stopped");
    const stop: TrainerCallback = {
      onStepEnd({ state }) {
        if (state.globalStep === 5) throw new InterruptedError("stopped");
      },
    };
    await assert.rejects(train({ reportTo: "tensorboard", outputDir }, { callback: stop }), InterruptedError);
    const shown = curves(readEvents(eventFolder(outputDir)));
    assert.deepEqual(
      shown["train/loss"]?.map(([step]) => step),
      [2, 4],
    );
    assert.equal(said.length, 1);
  });
});

describe("a tracker that fails", () => {
  it("is said in one line where its folder cannot be made, and training goes on", async () => {
    const outputDir = path.join(folder, "no-folder");
    mkdirSync(outputDir);
    writeFileSync(path.join(outputDir, "runs"), "in the way");
    const { state } = await train({ reportTo: "tensorboard", outputDir });
    assert.equal(state.globalStep, 8);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /^TensorBoard stopped recording \(E.*\); training goes on without it\.$/);
    assert.ok(!said[0]?.includes(outputDir));
  });

  it("is said in one line where the disk is full, and training goes on", async (context) => {
    await onSmallDisk(context, 16, async (disk) => {
      process.env["TENSORBOARD_LOGGING_DIR"] = disk;
      writeFileSync(path.join(disk, "other"), Buffer.alloc(12_000));
      const { state } = await train({ reportTo: "tensorboard", maxSteps: 60, loggingSteps: 1 });
      assert.equal(state.globalStep, 60);
      assert.equal(said.length, 1);
      assert.match(
        said[0] ?? "",
        /^TensorBoard stopped recording \((ENOSPC|\d+ of \d+ bytes).*training goes on/,
      );
    });
  });

  it("is said in one line where its client is not installed, and training goes on", async () => {
    process.env["TRACKING_PYTHON"] = path.join(REPOSITORY, ".venv/bin/python");
    const { state } = await train({ reportTo: ["wandb", "trackio"] });
    assert.equal(state.globalStep, 8);
    assert.deepEqual(
      said,
      ["wandb", "trackio"].map(
        (name) =>
          `${name} is not installed for the Python of TRACKING_PYTHON; training goes on without it. pip install ${name}`,
      ),
    );
  });

  it("is said in one line where its client dies, and training goes on", async () => {
    const dying = path.join(folder, "dying");
    writeFileSync(dying, '#!/bin/sh\n[ "$2" = --has ] || exit 7\n', { mode: 0o755 });
    process.env["TRACKING_PYTHON"] = dying;
    const { state } = await train({ reportTo: "wandb" });
    assert.equal(state.globalStep, 8);
    assert.deepEqual(said, [
      "Weights & Biases stopped recording (its client ended with 7); training goes on without it.",
    ]);
  });

  it("is said in one line where its client refuses, and training goes on", async () => {
    const refusing = path.join(folder, "refusing");
    const answer = '{"error": "UsageError: api_key not configured in /root/x/y/z"}';
    writeFileSync(refusing, `#!/bin/sh\n[ "$2" = --has ] && exit\necho '${answer}'\nexit 1\n`, {
      mode: 0o755,
    });
    process.env["TRACKING_PYTHON"] = refusing;
    const { state } = await train({ reportTo: "trackio" });
    assert.equal(state.globalStep, 8);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /^Trackio stopped recording \(UsageError: api_key not configured in \.\.\./);
  });
});
