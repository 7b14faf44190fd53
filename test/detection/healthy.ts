import { diagnose, type CheckResult } from "../../lib/src/index";
import { obviousCases } from "../../lib/src/data/obvious-cases";
import type { Subject, TrainedRun } from "../../lib/src/diagnosis/subject";
import { readModelCard } from "../../lib/src/hub/model-card";
import { cardText } from "./healthy-card";
import { changedFolder } from "./model-variants";
import type { World } from "./world";

/** The head of the table of {@link healthyLine}. */
export const HEALTHY_HEAD = "| healthy subject | what did not pass |\n| --- | --- |";

const PER_LABEL = [300, 600, 1_000, 1_400] as const;

/** What the healthy model was trained with. */
const RECIPE = { learningRate: 5e-5, numTrainEpochs: 2, perDeviceTrainBatchSize: 16 };

/** A subject in which nothing is wrong: other reviews, another order and other sizes for every seed. */
export async function healthySubject(world: World, seed: number): Promise<Subject> {
  const { model, tokenizer, maxLength, run } = await world.healthyModel();
  const train = PER_LABEL[seed % PER_LABEL.length] ?? 600;
  const sets = world.sets(seed, { train, validation: 150 + (seed % 3) * 50, test: 200 });
  const { first, afterTheFix } = obviousCases();
  const card = cardText(bestAccuracy(run));
  const folder = await changedFolder(world, { card });
  return {
    ...{ ...sets, model, tokenizer, maxLength, run, folder, seed },
    ...{ newModel: () => world.newModel(seed), args: RECIPE, card: readModelCard(card).metadata },
    cases: [...first, ...afterTheFix],
  };
}

/** What a card says of a model whose best checkpoint was chosen: a little too much, since it was measured on what chose it. */
function bestAccuracy({ logHistory }: TrainedRun): number {
  return Math.max(...logHistory.flatMap(({ eval_accuracy: accuracy }) => accuracy ?? []));
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
