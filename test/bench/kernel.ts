/**
 * Compares kernels: `npm run bench -- kernel [ROUNDS]`. All are measured in turn in every round, so that a noisy machine is noisy for all.
 * Each starts twice a round, so that what is put off at the start shows: at rest (the cells come once it is ready and has had some seconds to
 * itself, as with a reader) and in a hurry (cells are sent at once, as by "run all"). The CPU time of the latter is what a noisy machine
 * disturbs least.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { jupyterEnvironment, makeFolder, PYTHON, ROOT } from "../kernel/kernel-client";

/** How a kernel is started, as in a kernelspec, and what its cells look like. */
interface Candidate {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether its cells can import lib. */
  readonly lib: boolean;
  /** Undefined where it is ready to be measured. */
  readonly missing?: string | undefined;
}
interface Step {
  readonly name: string;
  readonly cells: readonly string[];
  /** How many of the cells come before the measurement. */
  readonly skip?: number;
  /** Seconds to wait before. */
  readonly pause?: number;
  /** The name under which the time since the start of the process is kept, once the cells have run. */
  readonly sinceStart?: string;
}
type Times = Record<string, number[]>;

const OUT = path.join(ROOT, "build/bench");
const SPIKE = path.join(ROOT, "../shared/reference/kernel-spike.cjs");
const DENO = path.join(ROOT, "build/bench-deno/node_modules/.bin/deno");
const CANDIDATES: readonly Candidate[] = [
  {
    name: "ours",
    argv: ["node", path.join(ROOT, "environment/kernel/dist/main.js"), "{connection_file}"],
    lib: true,
  },
  {
    name: "spike",
    argv: ["node", SPIKE, "{connection_file}"],
    env: { TSLAB_ROOT: ROOT },
    lib: true,
    missing: existsSync(SPIKE) ? undefined : "the spike is not part of the repository",
  },
  {
    name: "deno",
    argv: [DENO, "jupyter", "--kernel", "--conn", "{connection_file}"],
    lib: false,
    missing: existsSync(DENO) ? undefined : "npm install --no-save --prefix build/bench-deno deno",
  },
  {
    name: "ipykernel",
    argv: [PYTHON, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    lib: false,
  },
];

const IMPORT = 'import * as lib from "@finetune-debug/lib";';
const LATER = [
  "lib.SENTIMENT",
  "const names = Object.values(lib.SENTIMENT);\nnames.length",
  'const report = names.map((name) => `${name}: ${name.length}`);\nconsole.log(report.join("\\n"));',
  "const prefix = (rows: lib.ReviewSet, count: number) => rows.rows.slice(0, count);\nprefix.length",
];
const TRIVIAL = "1 + 1";
/** The columns of the table. */
const COLUMNS = [
  "ready",
  "first cell",
  "trivial cell",
  "import lib",
  "later with lib",
  "start to first cell",
  "start to lib",
  "CPU in a hurry",
] as const;

function atRest({ lib }: Candidate): Step[] {
  const trivial = [
    { name: "first cell", cells: [TRIVIAL], pause: 6 },
    { name: "trivial cell", cells: Array<string>(30).fill(TRIVIAL), skip: 10 },
  ];
  if (!lib) return trivial;
  const later = { name: "later with lib", cells: [...LATER, ...LATER, ...LATER] };
  return [...trivial, { name: "import lib", cells: [IMPORT] }, later];
}

function inAHurry({ lib }: Candidate): Step[] {
  const first = { name: "", cells: [TRIVIAL], sinceStart: "start to first cell" };
  return lib ? [first, { name: "", cells: [IMPORT], sinceStart: "start to lib" }] : [first];
}

function measure(specs: string, { name }: Candidate, steps: readonly Step[]): Times {
  const task = { specs, kernel: name, cwd: path.join(ROOT, "notebooks"), steps };
  const args = [path.join(__dirname, "kernel_round.py"), JSON.stringify(task)];
  const env = jupyterEnvironment(specs);
  return JSON.parse(execFileSync(PYTHON, args, { env, encoding: "utf8" })) as Times;
}

/** Writes a kernelspec for each, so that all are started in the same way. */
function writeSpecs(candidates: readonly Candidate[]): string {
  const specs = makeFolder("bench-kernels");
  for (const { name, argv, env = {} } of candidates) {
    mkdirSync(path.join(specs, name));
    const spec = { argv, env, display_name: name, language: name };
    writeFileSync(path.join(specs, name, "kernel.json"), JSON.stringify(spec));
  }
  return specs;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

function cell(values: readonly number[] | undefined): string {
  if (!values || values.length === 0) return "-";
  const show = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
  return `${show(median(values))} (${show(Math.min(...values))})`;
}

function table(results: ReadonlyMap<string, Times>): string {
  const rows = [...results].map(([name, times]) => [name, ...COLUMNS.map((column) => cell(times[column]))]);
  const lines = [["kernel", ...COLUMNS], ["---", ...COLUMNS.map(() => "---")], ...rows];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function bench(rounds: number): void {
  const [present, absent] = [true, false].map((there) =>
    CANDIDATES.filter(({ missing }) => (missing === undefined) === there),
  );
  for (const { name, missing } of absent ?? []) console.log(`skipped: ${name} (${missing ?? ""})`);
  const specs = writeSpecs(present ?? []);
  const results = new Map<string, Times>();
  // the first start of each fills caches, those of the operating system among them
  for (const candidate of present ?? []) measure(specs, candidate, inAHurry(candidate));
  for (let round = 1; round <= rounds; round += 1) {
    for (const candidate of present ?? []) {
      const times = results.get(candidate.name) ?? {};
      results.set(candidate.name, times);
      const { CPU: cpu = [], ...hurried } = measure(specs, candidate, inAHurry(candidate));
      for (const part of [measure(specs, candidate, atRest(candidate)), hurried, { "CPU in a hurry": cpu }])
        for (const [name, values] of Object.entries(part)) times[name] = [...(times[name] ?? []), ...values];
    }
    console.log(`round ${round} of ${rounds}, load ${os.loadavg()[0]?.toFixed(1) ?? ""}`);
  }
  console.log(`\nmilliseconds, median (minimum)\n\n${table(results)}`);
  mkdirSync(OUT, { recursive: true });
  const machine = { cpu: os.cpus()[0]?.model, cores: os.cpus().length, node: process.version, rounds };
  const written = { machine, times: Object.fromEntries(results) };
  writeFileSync(path.join(OUT, "kernel.json"), `${JSON.stringify(written, null, 2)}\n`);
}

bench(Number(process.argv[2] ?? 5));
