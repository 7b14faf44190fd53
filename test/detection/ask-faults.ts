import { diagnose } from "../../lib/src/index";
import type { Fault } from "./fault";
import type { World } from "./world";

/** How a check did on one fault over several seeds. */
export interface Caught {
  seeds: number;
  /** Seeds with a warning or a failure. */
  caught: number;
  /** Seeds with a failure. */
  failed: number;
  /** Seeds that passed. */
  missed: number[];
  seconds: number;
}

/** The head of the table of {@link faultLine}. */
export const FAULT_HEAD =
  "| check | what is wrong | strength | how much | caught | of these as a failure |\n| --- | --- | --- | --- | --- | --- |";

/** Asks the check that must see a fault. */
export async function askFaults(world: World, fault: Fault, seeds: readonly number[]): Promise<Caught> {
  const start = performance.now();
  const verdicts: string[] = [];
  for (const seed of seeds) {
    const report = await diagnose(await fault.make(world, seed), { only: [fault.check] });
    verdicts.push(report.verdict);
  }
  return {
    seeds: seeds.length,
    caught: verdicts.filter((verdict) => verdict !== "pass").length,
    failed: verdicts.filter((verdict) => verdict === "fail").length,
    missed: seeds.filter((_, index) => verdicts[index] === "pass"),
    seconds: (performance.now() - start) / 1_000,
  };
}

/** One line of the table. */
export function faultLine(
  { check, kind, strength, detail }: Fault,
  { caught, failed, seeds }: Caught,
): string {
  return `| ${check} | ${kind} | ${strength} | ${detail} | ${caught} of ${seeds} | ${failed} |`;
}
