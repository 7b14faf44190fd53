import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CheckpointError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { DEFAULT_TRAINING_ARGUMENTS, type TrainingArguments } from "./training-arguments";

const FILE = "training_args.json";

/** Where a run is on this machine, and that it goes on: nothing that a checkpoint would keep. */
const OF_THE_PLACE = ["outputDir", "resumeFromCheckpoint"];

/** What is looked at and kept on the way, and how much memory it takes; the weights at the end are the same with other values. */
const OF_THE_RECORD =
  /^(perDeviceEvalBatchSize|loadBestModelAtEnd|gradientCheckpointing|reportTo|runName|project|(eval|save|logging)[A-Z].*)$/;

/** Arguments that are not those of a checkpoint, each as `name (now, then)`. */
export interface OtherArguments {
  /** With these the run would not become what it would have become. */
  decisive: string[];
  /** These change what is logged, evaluated and kept. */
  harmless: string[];
}

/** The arguments by transformers' own names, without those that say where on this machine the run is. */
export function snakeCaseArguments(args: TrainingArguments): Record<string, unknown> {
  const stored = Object.entries(args).filter(([name]) => !OF_THE_PLACE.includes(name));
  return Object.fromEntries(stored.map(([name, value]) => [snakeCase(name), value as unknown]));
}

/** training_args.json, which transformers keeps in a pickle. */
export function trainingArgumentsJson(args: TrainingArguments): { name: string; text: string } {
  return { name: FILE, text: `${JSON.stringify(snakeCaseArguments(args), null, 2)}\n` };
}

/**
 * The arguments that lib knows among those that a checkpoint holds; `undefined` for one without, such as transformers' own.
 *
 * @throws CheckpointError if the file is no JSON object
 */
export function storedArguments(folder: string): Partial<TrainingArguments> | undefined {
  const file = path.join(folder, FILE);
  if (!existsSync(file)) return undefined;
  try {
    const json = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    const stored = Object.entries(json).map(([name, value]) => [camelCase(name), value] as const);
    return Object.fromEntries(stored.filter(([name]) => name in DEFAULT_TRAINING_ARGUMENTS));
  } catch {
    throw new CheckpointError(`${shownPath(file)} is no JSON object; expected the arguments of a run.`);
  }
}

/** Compares arguments with those of a whole checkpoint; one that it does not know had its default. */
export function compareArguments(args: TrainingArguments, folder: string): OtherArguments {
  const json = JSON.parse(readFileSync(path.join(folder, FILE), "utf8")) as Record<string, unknown>;
  const stored = Object.entries(json).map(([name, value]) => [camelCase(name), value] as const);
  const then: Record<string, unknown> = { ...DEFAULT_TRAINING_ARGUMENTS, ...Object.fromEntries(stored) };
  const now: Record<string, unknown> = { ...args };
  const names = Object.keys({ ...then, ...now }).filter((name) => !OF_THE_PLACE.includes(name));
  const others = names.filter((name) => !isDeepStrictEqual(now[name] ?? null, then[name] ?? null));
  const text = (name: string): string =>
    `${name} (${JSON.stringify(now[name])} now, ${JSON.stringify(then[name])} then)`;
  return {
    decisive: others.filter((name) => !OF_THE_RECORD.test(name)).map(text),
    harmless: others.filter((name) => OF_THE_RECORD.test(name)).map(text),
  };
}

/** A name of ours as Python writes it: `maxSteps` is `max_steps`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
