/**
 * `npm run detection -- [--seeds 101-120] [--check NAME] [--healthy N] [--all-checks] [--out FILE]`: puts every fault into real
 * data and models, asks the checks, and prints which were caught. Thresholds were fixed on seeds 1 to 20; the table in
 * test/detection/README.md is that of seeds 101 to 120.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { diagnose } from "../../lib/src/index";
import type { Fault } from "./fault";
import { FAULTS } from "./faults";
import { healthyTable } from "./healthy";
import { World } from "./world";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "101-120" },
    check: { type: "string", multiple: true },
    healthy: { type: "string", default: "40" },
    out: { type: "string" },
  },
});

/** Seeds from "101-120". */
function seedsOf(text: string): number[] {
  const [first = 1, last = first] = text.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

async function askOne(world: World, fault: Fault, seed: number): Promise<string> {
  const subject = await fault.make(world, seed);
  const report = await diagnose(subject, { only: [fault.check] });
  return report.result(fault.check)?.verdict ?? "not asked";
}

async function faultTable(world: World, seeds: readonly number[]): Promise<string[]> {
  const chosen = FAULTS.filter(({ check }) => values.check?.includes(check) ?? true);
  const lines = [
    "| check | fault | strength | how much | caught | as a failure |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  for (const fault of chosen) {
    const verdicts: string[] = [];
    for (const seed of seeds) verdicts.push(await askOne(world, fault, seed));
    const failed = verdicts.filter((verdict) => verdict === "fail").length;
    const caught = failed + verdicts.filter((verdict) => verdict === "warn").length;
    const { check, kind, strength, detail } = fault;
    const line = `| ${check} | ${kind} | ${strength} | ${detail} | ${caught} of ${seeds.length} | ${failed} |`;
    console.log(line);
    lines.push(line);
  }
  return lines;
}

async function main(): Promise<void> {
  const world = new World();
  const seeds = seedsOf(values.seeds);
  const faults = await faultTable(world, seeds);
  const healthy = await healthyTable(world, {
    count: Number(values.healthy),
    firstSeed: seeds[0] ?? 1,
    only: values.check,
  });
  if (values.out) writeFileSync(values.out, `${[...faults, "", ...healthy].join("\n")}\n`);
}

void main();
