// @ts-check
/**
 * The tests' one runner: `node test/run.mjs unit|long|all [--deep]`. Node 20 knows no globs for `--test`, so files are listed here.
 * `all` is `npm test`: every check of the project, one after the other. The last line counts.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, ok: boolean, counts?: Counts | undefined }} Stage */

const TEST = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(TEST);
const REPORTS = path.join(ROOT, "build", "test-reports");
const CHECKS = ["types", "lint", "format"];

/**
 * Runs node:test over a part of the tests.
 * @param {"unit" | "long"} name
 * @returns {Stage}
 */
function runTests(name) {
  const files = readdirSync(TEST, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && file.startsWith(`long${path.sep}`) === (name === "long"))
    .sort();
  mkdirSync(REPORTS, { recursive: true });
  const report = path.join(REPORTS, `${name}.tap`);
  rmSync(report, { force: true });
  const shown = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
  const counted = ["--test-reporter=tap", `--test-reporter-destination=${report}`];
  const paths = files.map((file) => path.join("test", file));
  const ok = run(process.execPath, ["--import", "tsx", ...shown, ...counted, "--test", ...paths]);
  return { name, ok, counts: countTap(report) };
}

/**
 * The sums that node:test writes at the end: `# pass 12`.
 * @param {string} file
 * @returns {Counts | undefined}
 */
function countTap(file) {
  const text = read(file);
  const sum = (/** @type {string} */ word) =>
    Number(new RegExp(`^# ${word} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  if (text === "") return undefined;
  return {
    passed: sum("pass"),
    failed: sum("fail") + sum("cancelled"),
    skipped: sum("skipped") + sum("todo"),
  };
}

/**
 * The sums of a report that pytest wrote.
 * @param {string} file
 * @returns {Counts | undefined}
 */
function countJunit(file) {
  const suite = /<testsuite [^>]*>/.exec(read(file))?.[0];
  if (!suite) return undefined;
  const sum = (/** @type {string} */ word) => Number(new RegExp(` ${word}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = sum("failures") + sum("errors");
  return { passed: sum("tests") - failed - sum("skipped"), failed, skipped: sum("skipped") };
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  return spawnSync(command, args, { cwd: ROOT, stdio: "inherit" }).status === 0;
}

/**
 * @param {string} name of an npm script
 * @returns {Stage}
 */
function runScript(name) {
  console.log(`\n== ${name}`);
  return { name, ok: run("npm", ["run", "--silent", name]) };
}

/** Every check; a red one does not hide those after it, only a machine that is not ready ends it. */
function runAll() {
  const setup = runScript("setup");
  if (!setup.ok) return [setup];
  const checks = CHECKS.map(runScript);
  console.log("\n== unit");
  const unit = runTests("unit");
  const report = path.join(ROOT, "build/nbval/report.xml");
  rmSync(report, { force: true });
  const nbval = { ...runScript("nbval"), counts: countJunit(report) };
  return [setup, ...checks, unit, nbval];
}

/** @param {Stage} stage */
function describe({ name, ok, counts }) {
  const word = ok ? "ok" : "FAILED";
  if (!counts) return `${name} ${word}`;
  return `${name} ${word} (${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped)`;
}

const [part, deep, ...rest] = process.argv.slice(2);
const isPart = part === "unit" || part === "long" || part === "all";
if (!isPart || (deep !== undefined && deep !== "--deep") || rest.length > 0)
  throw new Error("usage: node test/run.mjs unit|long|all [--deep]");
// what takes too long for every day, tests do ten times as often
if (deep) process.env["DEEP"] = "1";
const stages = part === "all" ? runAll() : [runTests(part)];
const whole = stages.every(({ ok }) => ok);
console.log(`\n${whole ? "PASSED" : "FAILED"}: ${stages.map(describe).join(", ")}`);
process.exitCode = whole ? 0 : 1;
