import { diagnose } from "../../lib/src/index";
import { STRENGTHS, type Fault } from "./fault";
import type { World } from "./world";

/** How a check did on one fault over several seeds. */
export interface Caught {
  fault: Fault;
  seeds: readonly number[];
  /** Seeds with a warning or a failure, and of these the ones with a failure. */
  caught: number;
  failed: number;
  /** Seeds that passed. */
  missed: number[];
}

/** The head of the table of {@link faultLine}. */
export const FAULT_HEAD = `| check | what is wrong | ${STRENGTHS.join(" | ")} |\n| --- | --- | --- | --- | --- |`;

/** Asks the check that must see a fault. */
export async function askFaults(world: World, fault: Fault, seeds: readonly number[]): Promise<Caught> {
  const verdicts: string[] = [];
  for (const seed of seeds) {
    const report = await diagnose(await fault.make(world, seed), { only: [fault.check] });
    verdicts.push(report.verdict);
  }
  return {
    ...{ fault, seeds },
    caught: verdicts.filter((verdict) => verdict !== "pass").length,
    failed: verdicts.filter((verdict) => verdict === "fail").length,
    missed: seeds.filter((_, index) => verdicts[index] === "pass"),
  };
}

/** Whether a fault is plain and yet was not seen with every seed. */
export function isMissed({ fault, missed }: Caught): boolean {
  return fault.strength !== "marginal" && missed.length > 0;
}

/** One line of the table: a kind of fault in its three strengths, as far as they were asked. */
export function faultLine(line: readonly Caught[]): string {
  const cells = STRENGTHS.map((strength) => {
    const asked = line.find(({ fault }) => fault.strength === strength);
    if (!asked) return "";
    const { fault, caught, failed, seeds } = asked;
    return `${fault.detail}: ${caught} of ${seeds.length}${failed < caught ? ` (${failed})` : ""}`;
  });
  const [first] = line;
  return `| ${[first?.fault.check, first?.fault.kind, ...cells].join(" | ")} |`;
}
