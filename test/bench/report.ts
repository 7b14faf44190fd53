/** Tables of benchmarks: on the console, in build/bench/ and between the marks of test/bench/README.md. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeRuntime } from "../../lib/src/runtime/describe-runtime";
import { ROOT } from "../environment/programs";
import type { PythonVersions } from "./python-worker";

/** What came of a row: figures by rival, one a round, or why there are none. */
export interface Result {
  name: string;
  unit: string;
  figures?: Record<string, number[]>;
  missing?: string;
}

/** A benchmark that is over. */
export interface Finished {
  benchmark: string;
  results: Result[];
  rounds: number;
  versions: PythonVersions;
  /** Whether all rows ran, those that need IMDB_DIR too. */
  whole: boolean;
}

const README = path.join(__dirname, "README.md");
const OUT = path.join(ROOT, "build/bench");
const HEAD = ["what", "unit", "ours", "rival", "its figure", "its / ours"];

/** Shows the table, keeps all figures, and writes the table into the README where all rows ran. */
export function report(finished: Finished): void {
  const { benchmark, results, whole } = finished;
  const { versions, rounds } = finished;
  const text = `${conditions(versions)} ${rounds} rounds.\n\n${table(results)}`;
  console.log(`\n${text}`);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(path.join(OUT, `${benchmark}.json`), `${JSON.stringify(finished, null, 2)}\n`);
  if (whole) writeIntoReadme(benchmark, text);
  else console.log("\nThe README stays as it is: only a run of all rows, with IMDB_DIR, is written there.");
}

/** The machine and the versions that figures are of. */
export function conditions(versions: PythonVersions): string {
  const { tensorflow, device } = describeRuntime();
  const [cpu] = os.cpus();
  const load = os.loadavg()[0]?.toFixed(1) ?? "?";
  return [
    `${cpu?.model ?? "unknown processor"}, ${os.cpus().length} cores, on the ${device.toUpperCase()};`,
    `Node ${process.versions.node}, TensorFlow ${tensorflow}; PyTorch ${versions.torch} (${versions.threads} threads),`,
    `transformers ${versions.transformers}, tokenizers ${versions.tokenizers}; load at the end ${load}.`,
    ...(device === "gpu" ? [] : ["On a GPU: skipped, no GPU."]),
  ].join(" ");
}

function table(results: readonly Result[]): string {
  const rows = results.flatMap(({ name, unit, figures, missing }) => {
    if (!figures) return [[name, unit, `skipped: ${missing ?? ""}`, "", "", ""]];
    const { ours = [], ...others } = figures;
    return Object.entries(others).map(([rival, theirs]) => [
      ...[name, unit, shown(ours), rival, shown(theirs), ratio(ours, theirs)],
    ]);
  });
  return markdownTable(HEAD, rows);
}

/** A table as Markdown has it. */
export function markdownTable(head: readonly string[], rows: readonly string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Median (minimum). */
function shown(values: readonly number[]): string {
  const show = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
  return `${show(median(values))} (${show(Math.min(...values))})`;
}

/** Median of the rounds' ratios, each of two turns that came one after the other, and the ratio of the minima. */
function ratio(ours: readonly number[], theirs: readonly number[]): string {
  const ratios = ours.map((value, round) => (theirs[round] ?? NaN) / value);
  const ofMinima = Math.min(...theirs) / Math.min(...ours);
  return `${median(ratios).toFixed(2)} (${ofMinima.toFixed(2)})`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

/** Puts a text between the marks of a benchmark in test/bench/README.md. */
export function writeIntoReadme(benchmark: string, text: string): void {
  const [begin, end] = [`<!-- ${benchmark} -->`, `<!-- end of ${benchmark} -->`];
  const readme = readFileSync(README, "utf8");
  const [before, rest = ""] = readme.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`README.md lacks the marks ${begin} and ${end}`);
  writeFileSync(README, `${before ?? ""}${begin}\n\n${text}\n\n${end}${after}`);
}
