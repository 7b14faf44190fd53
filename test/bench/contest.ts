/** Rounds in which rivals take turns, so that a noisy machine is noisy for all; used by training, tokenization and inference. */
import { parseArgs } from "node:util";
import { NO_IMDB } from "./fixtures";
import { report, type Result } from "./report";
import { PythonWorker, type PythonVersions } from "./python-worker";

/** Does one round and says what it took, in the row's unit. */
export type Turn = () => Promise<number>;

/** Rivals that are ready to start: ours and the others by their names. */
export interface Contest {
  ours: Turn;
  others: Record<string, Turn>;
  close?: () => void;
}

/** A line of a benchmark, or one for each rival where there are several. */
export interface Row {
  name: string;
  /** What is counted, of which less is better: `ms a step`. */
  unit: string;
  /** Why it cannot run here; undefined where it can. */
  missing?: string | undefined;
  /** Loads what the rivals need; what they do in their first rounds alone comes in a round that does not count. */
  open: (python: PythonWorker) => Promise<Contest>;
  /** Rounds that do not count; 1 where nothing is said. */
  warmUps?: number;
}

/** Runs a benchmark's rows and shows the table: `[--rounds N] [--only PART-OF-A-NAME]`. The README gets it where all rows could run. */
export async function compete(benchmark: string, rowsOf: (python: PythonVersions) => Row[]): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "7" }, only: { type: "string", default: "" } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds is ${values.rounds}; expected a whole number above 0`);
  const python = new PythonWorker();
  try {
    const versions = await python.ask<PythonVersions>("describe");
    const rows = rowsOf(versions).filter(({ name }) => name.includes(values.only));
    if (rows.length === 0) throw new Error(`no row has "${values.only}" in its name`);
    const results: Result[] = [];
    for (const row of rows) results.push(await resultOf(row, rounds, python));
    report({ benchmark, results, rounds, versions, whole: values.only === "" && NO_IMDB === undefined });
  } finally {
    python.close();
  }
}

async function resultOf(row: Row, rounds: number, python: PythonWorker): Promise<Result> {
  const { name, unit, missing, warmUps = 1 } = row;
  if (missing !== undefined) {
    console.log(`skipped: ${name} (${missing})`);
    return { name, unit, missing };
  }
  const contest = await row.open(python);
  const turns: [string, Turn][] = [["ours", contest.ours], ...Object.entries(contest.others)];
  const figures: Record<string, number[]> = Object.fromEntries(turns.map(([rival]) => [rival, []]));
  try {
    for (const [, turn] of turns) for (let time = 0; time < warmUps; time += 1) await turn();
    for (let round = 0; round < rounds; round += 1) {
      // who comes first finds the machine as the other left it: they change places
      const order = round % 2 === 0 ? turns : turns.toReversed();
      for (const [rival, turn] of order) figures[rival]?.push(await turn());
      const last = turns.map(([rival]) => `${rival} ${figures[rival]?.at(-1)?.toFixed(1) ?? ""}`);
      console.log(`${name}, round ${round + 1} of ${rounds}: ${last.join(", ")} ${unit}`);
    }
  } finally {
    contest.close?.();
    await python.ask("close");
  }
  return { name, unit, figures };
}
