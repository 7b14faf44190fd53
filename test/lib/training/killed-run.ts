import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from "node:fs";
import path from "node:path";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { seededRandom, type Random } from "../../../lib/src/runtime/random";
import { damageOf } from "../../../lib/src/training/checkpoint-manifest";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { writeTinyModel } from "../tiny-model";
import { tinyRun } from "./tiny-run";

/** How the run that is killed trains: a checkpoint every step, two batches an update, epochs whose last update has one. */
export const KILLED_ARGS: Partial<TrainerParams["args"]> = {
  ...{ maxSteps: 80, gradientAccumulationSteps: 2, saveStrategy: "steps", saveSteps: 1, loggingSteps: 3 },
  ...{ weightDecay: 0.1, warmupSteps: 2, saveTotalLimit: 3, perDeviceTrainBatchSize: 5 },
};

/**
 * Trains once without a break, and once in processes that SIGKILL ends that often while they save: the last checkpoints of both
 * must be the same to the byte. Returns how many kills left a checkpoint half written.
 */
export async function checkKilledRun(folder: string, kills: number): Promise<number> {
  // large enough that a checkpoint takes some milliseconds to write
  const config = { vocabSize: 4000, dim: 64, hiddenDim: 64 };
  const source = writeTinyModel(path.join(folder, "model"), { config });
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const whole = path.join(folder, "whole");
  await new Trainer(tinyRun(model, whole, KILLED_ARGS)).train();
  model.dispose();
  const outputDir = path.join(folder, "killed");
  const found = await trainKilled({ source, outputDir, kills, random: seededRandom(kills) });
  assert.equal(found.kills, kills);
  // kept are the last three, and what the killed processes left is gone
  const names = ["checkpoint-78", "checkpoint-79", "checkpoint-80"];
  assert.deepEqual([readdirSync(whole), readdirSync(outputDir)], [names, names]);
  for (const name of names) {
    assert.equal(damageOf(path.join(outputDir, name)), undefined);
    for (const file of ["model.safetensors", "optimizer.safetensors", "trainer_state.json"])
      assert.ok(
        readFileSync(path.join(outputDir, name, file)).equals(readFileSync(path.join(whole, name, file))),
        `${name}/${file}`,
      );
  }
  return found.whileSaving;
}

/** What became of the processes that trained. */
interface KilledRun {
  /** Processes that SIGKILL ended. */
  kills: number;
  /** How many of them left a checkpoint half written. */
  whileSaving: number;
}

/**
 * Trains in a process that goes on from the newest checkpoint, kills it, and starts another, until one comes to the end.
 *
 * Each is killed up to 25 ms after it began to write a checkpoint: in the middle of it, or in the next step.
 */
async function trainKilled(params: {
  source: string;
  outputDir: string;
  kills: number;
  random: Random;
}): Promise<KilledRun> {
  const { outputDir, kills, random } = params;
  mkdirSync(outputDir, { recursive: true });
  const found = { kills: 0, whileSaving: 0 };
  for (;;) {
    const left = kills - found.kills;
    const saves = left > 0 ? 1 + Math.floor(random() * 2) : Infinity;
    const isKilled = await trainOnce(params, { saves, delay: random() * 25 });
    if (!isKilled) return found;
    found.kills += 1;
    if (readdirSync(outputDir).some((name) => name.endsWith(".part"))) found.whileSaving += 1;
  }
}

/** Whether the process was killed, after so many checkpoints were begun, rather than came to its end. */
async function trainOnce(
  { source, outputDir }: { source: string; outputDir: string },
  { saves, delay }: { saves: number; delay: number },
): Promise<boolean> {
  const program = path.join(__dirname, "killed-run-child.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, source, outputDir], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const begun = new Set<string>();
  const watcher = watch(outputDir, (_, name) => {
    if (!name?.endsWith(".part") || !existsSync(path.join(outputDir, name))) return;
    begun.add(name);
    if (begun.size >= saves) setTimeout(() => child.kill("SIGKILL"), delay);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on("close", (...end) => {
      resolve(end);
    });
  });
  watcher.close();
  if (signal === "SIGKILL") return true;
  if (code !== 0) throw new Error(`The run that goes on failed: ${errors}`);
  return false;
}
