import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, watch } from "node:fs";
import path from "node:path";
import type { Random } from "../../../lib/src/runtime/random";
import type { TrainerParams } from "../../../lib/src/training/trainer";

/** How the run that is killed trains: a checkpoint every step, two batches an update, epochs whose last update has one. */
export const KILLED_ARGS: Partial<TrainerParams["args"]> = {
  ...{ maxSteps: 40, gradientAccumulationSteps: 2, saveStrategy: "steps", saveSteps: 1, loggingSteps: 3 },
  ...{ weightDecay: 0.1, warmupSteps: 2, saveTotalLimit: 3, perDeviceTrainBatchSize: 5 },
};

/** What became of the processes that trained. */
export interface KilledRun {
  /** Processes that SIGKILL ended. */
  kills: number;
  /** How many of them left a checkpoint half written. */
  whileSaving: number;
}

/**
 * Trains in a process that goes on from the newest checkpoint, kills it, and starts another, until one comes to the end.
 *
 * Each is killed up to 12 ms after it began to write a checkpoint: in the middle of it, or just after.
 */
export async function trainKilled(params: {
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
    const saves = left > 0 ? 1 + Math.floor(random() * 3) : Infinity;
    const isKilled = await trainOnce(params, { saves, delay: random() * 12 });
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
