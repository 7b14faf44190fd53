/** A process that trains a batch for which it may not take enough memory, and prints the error: `out-of-memory-child.ts <model>`. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { Trainer } from "../../../lib/src/training/trainer";
import { tinyRun } from "./tiny-run";

async function train(): Promise<void> {
  const model = DistilBertForSequenceClassification.fromFolder(process.argv[2] ?? "");
  const trainDataset = Array.from({ length: 512 }, (_, index) => ({
    inputIds: new Array<number>(512).fill(3),
    label: index % 2,
  }));
  const run = tinyRun(model, "unused", { perDeviceTrainBatchSize: 512, maxSteps: 1 });
  const trainer = new Trainer({ ...run, trainDataset });
  // TensorFlow is loaded: from here on 700 MB more, where the feed-forward network of this batch takes 1 GB
  const taken = Number(/VmSize:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;
  execFileSync("prlimit", ["--pid", String(process.pid), `--as=${taken + 700e6}`]);
  await trainer.train().catch((error: unknown) => {
    console.log(String(error));
  });
}

void train();
