/** A process that trains with every tracker: `tracked-run.ts <model> <outputDir> <steps before it kills itself, or 0>`. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { reportingTrackers } from "../../lib/src/tracking/reporting-trackers";
import { setTrackerFactory } from "../../lib/src/training/tracking";
import { Trainer } from "../../lib/src/training/trainer";
import { tinyRun } from "../lib/training/tiny-run";
import { until } from "../lib/until";

const [, , source = "", outputDir = "", killedAt = "0"] = process.argv;

/** Whether a client has made its file. */
function isWritten(folder: string, ending: string): boolean {
  const place = path.join(outputDir, folder);
  if (!existsSync(place)) return false;
  return readdirSync(place, { recursive: true, encoding: "utf8" }).some((file) => file.endsWith(ending));
}

async function train(): Promise<void> {
  setTrackerFactory(reportingTrackers);
  const params = tinyRun(DistilBertForSequenceClassification.fromFolder(source), outputDir, {
    ...{ maxSteps: 12, loggingSteps: 2, evalStrategy: "steps", evalSteps: 3, reportTo: "all" },
    ...{ saveStrategy: "steps", saveSteps: 4, runName: "killed" },
  });
  const kill = {
    async onStepEnd({ state }: { state: { globalStep: number } }): Promise<void> {
      if (state.globalStep !== Number(killedAt)) return;
      // the clients begin on their own time, and one that has not cannot leave anything behind
      await until(() => isWritten("wandb", ".wandb") && isWritten("trackio", ".db"), 60);
      process.send?.("there");
      await until(() => false, 60);
    },
  };
  await new Trainer({ ...params, callbacks: [kill] }).train({ resumeFromCheckpoint: killedAt === "0" });
}

void train();
