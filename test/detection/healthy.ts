import { diagnose } from "../../lib/src/index";
import type { Subject } from "../../lib/src/diagnosis/subject";
import type { World } from "./world";

/** What {@link healthyTable} asks. */
export interface HealthyParams {
  count: number;
  firstSeed: number;
  /** Names of the checks to ask; all where nothing is said. */
  only?: string[] | undefined;
}

/** A subject in which nothing is wrong: other reviews, another order and other sizes for every seed. */
export async function healthySubject(world: World, seed: number): Promise<Subject> {
  const { model, tokenizer, maxLength, run, folder } = await world.healthyModel();
  const size = [300, 600, 1_000, 1_400][seed % 4] ?? 600;
  const sets = world.sets(seed, { train: size, validation: 150 + (seed % 3) * 50, test: 200 });
  const newModel = () => world.newModel(seed);
  return { ...sets, model, tokenizer, maxLength, run, folder, newModel, seed };
}

/** Asks every check about healthy subjects: whatever is not `pass` is a false alarm. */
export async function healthyTable(
  world: World,
  { count, firstSeed, only }: HealthyParams,
): Promise<string[]> {
  const lines = ["| healthy variant | not passed |", "| --- | --- |"];
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const report = await diagnose(await healthySubject(world, seed), only ? { only } : {});
    const alarms = report.results.filter(({ verdict }) => verdict !== "pass");
    const line = `| ${seed} | ${alarms.map(({ name, verdict, found }) => `${verdict} ${name}: ${found}`).join("; ") || "none"} |`;
    console.log(line);
    lines.push(line);
  }
  return lines;
}
