import { diagnose, type CheckResult } from "../../lib/src/index";
import { obviousCases } from "../../lib/src/data/obvious-cases";
import type { Subject } from "../../lib/src/diagnosis/subject";
import type { World } from "./world";

/** The head of the table of {@link healthyLine}. */
export const HEALTHY_HEAD = "| healthy subject | what did not pass |\n| --- | --- |";

const PER_LABEL = [300, 600, 1_000, 1_400] as const;

/** A subject in which nothing is wrong: other reviews, another order and other sizes for every seed. */
export async function healthySubject(world: World, seed: number): Promise<Subject> {
  const { model, tokenizer, maxLength, run, folder } = await world.healthyModel();
  const train = PER_LABEL[seed % PER_LABEL.length] ?? 600;
  const sets = world.sets(seed, { train, validation: 150 + (seed % 3) * 50, test: 200 });
  const { first, afterTheFix } = obviousCases();
  return {
    ...{ ...sets, model, tokenizer, maxLength, run, folder, seed },
    ...{ newModel: () => world.newModel(seed), cases: [...first, ...afterTheFix] },
  };
}

/** Asks every check, or those chosen, of a healthy subject: what does not pass is a false alarm. */
export async function askHealthy(
  world: World,
  seed: number,
  only: readonly string[] | undefined,
): Promise<CheckResult[]> {
  const report = await diagnose(await healthySubject(world, seed), only ? { only } : {});
  return report.results.filter(({ verdict }) => verdict !== "pass");
}

/** One line of the table. */
export function healthyLine(seed: number, alarms: readonly CheckResult[]): string {
  const said = alarms.map(({ verdict, name, found }) => `${verdict} ${name}: ${found}`);
  return `| ${seed} | ${said.join("; ") || "nothing"} |`;
}
