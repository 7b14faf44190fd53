import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { storedArguments } from "../training/stored-arguments";
import type { LogEntry } from "../training/trainer-state";
import type { TrainingArguments } from "../training/training-arguments";
import type { TrainedRun } from "./subject";

const STATE_FILE = "trainer_state.json";
/** A string, or one of the numbers that Python writes and JSON does not know. */
const STRING_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
const CHECKPOINT = /checkpoint-(\d+)[/\\]?$/;

/** What a checkpoint tells of the run that wrote it. */
export interface StoredRun {
  run: TrainedRun;
  /** As far as they are stored: transformers keeps them in a pickle, which is not read. */
  args?: Partial<TrainingArguments>;
}

/**
 * Reads what a run has left in a checkpoint's folder, lib's own or transformers' of any version: trainer_state.json and, where it
 * is there, training_args.json. `undefined` for a folder without.
 *
 * @throws ModelError if one of them is damaged
 */
export function readStoredRun(folder: string): StoredRun | undefined {
  const file = path.join(folder, STATE_FILE);
  if (!existsSync(file)) return undefined;
  const { log_history: log, best_global_step: step, best_model_checkpoint: best } = readState(file);
  if (!Array.isArray(log) || !log.every(isRecord))
    throw new ModelError(`${shownPath(file)} has no log_history; expected a list of what was logged.`);
  // versions of transformers before 4.52 name the folder alone
  const bestStep = typeof step === "number" ? step : Number(CHECKPOINT.exec(String(best))?.[1] ?? NaN);
  const args = storedArguments(folder);
  const { metricForBestModel } = args ?? {};
  return {
    run: {
      logHistory: log.map(logEntry),
      bestGlobalStep: Number.isNaN(bestStep) ? null : bestStep,
      ...(metricForBestModel !== undefined && { metricForBestModel }),
    },
    ...(args && { args }),
  };
}

function readState(file: string): Record<string, unknown> {
  const text = readFileSync(file, "utf8");
  try {
    const json: unknown = JSON.parse(
      text.replaceAll(STRING_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : "null")),
    );
    if (isRecord(json)) return json;
  } catch {
    // refused below
  }
  throw new ModelError(`${shownPath(file)} is no JSON object; expected the state of a run.`);
}

/** Numbers alone: a metric may also be a list, such as a confusion matrix. `null` is a number that was none. */
function logEntry(entry: Record<string, unknown>): LogEntry {
  const numbers = Object.entries(entry).flatMap(([name, value]): [string, number][] => {
    if (value === null) return [[name, NaN]];
    return typeof value === "number" ? [[name, value]] : [];
  });
  return { step: 0, epoch: 0, ...Object.fromEntries(numbers) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
