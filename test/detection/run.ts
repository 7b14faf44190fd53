/**
 * `npm run detection -- [--deep] [--seeds 101-120] [--check NAME]... [--strength NAME]... [--healthy N] [--out FILE]`: puts every
 * fault, or those chosen, into real reviews and models, asks the check that must see it, and prints how often it did; then asks
 * all checks of healthy subjects. Thresholds were fixed on seeds 1 to 20; the table in test/detection/README.md is that of
 * `--deep`, seeds 101 to 120. Without it a tenth is run. Ends with 1 if a strong or middle fault is missed, or a healthy subject
 * fails.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { askFaults, faultLine, FAULT_HEAD, isMissed, type Caught } from "./ask-faults";
import type { Fault } from "./fault";
import { FAULTS } from "./faults";
import { askHealthy, HEALTHY_HEAD, healthyLine } from "./healthy";
import { World } from "./world";

const { values } = parseArgs({
  options: {
    deep: { type: "boolean", default: false },
    seeds: { type: "string" },
    check: { type: "string", multiple: true },
    strength: { type: "string", multiple: true },
    healthy: { type: "string" },
    out: { type: "string" },
  },
});

/** Seeds from "101-120". */
function seedsOf(text: string): number[] {
  const [first = NaN, last = first] = text.split("-").map(Number);
  if (!(first <= last)) throw new Error(`--seeds is ${text}; expected such as 101-120.`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Faults by check and kind: a line of the table each. */
function linesOf(faults: readonly Fault[]): Fault[][] {
  const lines = new Map<string, Fault[]>();
  for (const fault of faults) {
    const key = `${fault.check}: ${fault.kind}`;
    lines.set(key, [...(lines.get(key) ?? []), fault]);
  }
  return [...lines.values()];
}

async function askLine(
  world: World,
  strengths: readonly Fault[],
  seeds: readonly number[],
): Promise<Caught[]> {
  const line: Caught[] = [];
  for (const fault of strengths) {
    const caught = await askFaults(world, fault, seeds);
    line.push(caught);
    if (isMissed(caught))
      console.error(
        `MISSED ${fault.check}: ${fault.kind}, ${fault.detail}, seeds ${caught.missed.join(", ")}`,
      );
  }
  return line;
}

async function main(): Promise<boolean> {
  const world = new World();
  const seeds = seedsOf(values.seeds ?? (values.deep ? "101-120" : "101-102"));
  const healthyCount = Number(values.healthy ?? (values.deep ? 40 : 4));
  const lines: string[] = [];
  const say = (line: string): void => {
    console.log(line);
    lines.push(line);
  };
  let isWell = true;
  say(FAULT_HEAD);
  const chosen = FAULTS.filter(
    ({ check, strength }) =>
      (values.check?.includes(check) ?? true) && (values.strength?.includes(strength) ?? true),
  );
  for (const strengths of linesOf(chosen)) {
    const line = await askLine(world, strengths, seeds);
    isWell &&= !line.some(isMissed);
    say(faultLine(line));
  }
  say(`\n${HEALTHY_HEAD}`);
  for (let index = 0; index < healthyCount; index += 1) {
    const seed = (seeds[0] ?? 1) + index;
    const alarms = await askHealthy(world, seed, values.check);
    isWell &&= alarms.every(({ verdict }) => verdict !== "fail");
    say(healthyLine(seed, alarms));
  }
  if (values.out !== undefined) writeFileSync(values.out, `${lines.join("\n")}\n`);
  return isWell;
}

void main().then((isWell) => {
  process.exitCode = isWell ? 0 : 1;
});
