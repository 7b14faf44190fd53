/** A process that trains: `killed-run-child.ts <model> <outputDir>`; it goes on from the newest whole checkpoint. */
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { CheckpointError } from "../../../lib/src/runtime/errors";
import { Trainer } from "../../../lib/src/training/trainer";
import { KILLED_ARGS } from "./killed-run";
import { tinyRun } from "./tiny-run";

const [, , source = "", outputDir = ""] = process.argv;

async function train(): Promise<void> {
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const trainer = new Trainer(tinyRun(model, outputDir, KILLED_ARGS));
  try {
    await trainer.train({ resumeFromCheckpoint: true });
  } catch (error) {
    // killed before its first checkpoint was whole
    if (!(error instanceof CheckpointError && error.message.includes("found none at all"))) throw error;
    await trainer.train();
  }
}

void train();
