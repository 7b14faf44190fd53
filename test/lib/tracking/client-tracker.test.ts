import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { tinyRun } from "../training/tiny-run";
import { saidLines } from "./said-lines";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const FLAG = Symbol.for("jupyter.interrupt");
const isTerminal = process.stderr.isTTY;
const said = saidLines();
let runs = 0;

afterEach(() => {
  delete process.env["WANDB_MODE"];
  (globalThis as Record<symbol, unknown>)[FLAG] = undefined;
  process.stderr.isTTY = isTerminal;
});

/** Trains for two steps; a shell script, in the run's folder and with its package as `$2`, is the client. */
async function train(
  script: string,
  args: Partial<TrainerParams["args"]>,
  callbacks: TrainerCallback[] = [],
): Promise<string> {
  runs += 1;
  const [outputDir, client] = [path.join(folder, `run-${runs}`), path.join(folder, `client-${runs}`)];
  writeFileSync(client, `#!/bin/sh\n[ "$2" = --has ] && exit\n${script}\n`, { mode: 0o755 });
  process.env["TRACKING_PYTHON"] = client;
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const short = { maxSteps: 2, loggingSteps: 1, evalStrategy: "no", saveStrategy: "no" } as const;
  await new Trainer({ ...tinyRun(model, outputDir, { ...short, ...args }), callbacks }).train();
  model.dispose();
  return outputDir;
}

describe("a client's run", () => {
  it("is a new one for Trackio, also where its name was used before", async () => {
    const script = 'read -r line; echo "$line" > begin.json; cat > /dev/null; echo \'{"done": true}\'';
    const outputDir = await train(script, { reportTo: "trackio", runName: "again" });
    const { begin } = JSON.parse(readFileSync(path.join(outputDir, "begin.json"), "utf8")) as {
      begin: { name: string };
    };
    assert.match(begin.name, /^again-[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d$/);
    assert.deepEqual(said, []);
  });

  it("says that W&B is switched off, where it is", async () => {
    process.env["WANDB_MODE"] = "disabled";
    const script = 'cat > /dev/null; echo \'{"place": {"url": null}}\'; echo \'{"done": true}\'';
    await train(script, { reportTo: "wandb" });
    assert.deepEqual(said, ["Weights & Biases: switched off by WANDB_MODE=disabled, nothing is recorded"]);
  });

  it("is waited for together with the others", async () => {
    const isEnded = "[ -e ended-wandb ] && [ -e ended-trackio ]";
    const script = [
      'while read -r line; do case $line in \'{"end"\'*) break;; esac; done; : > "ended-$2"',
      `for i in 1 2 3 4 5 6 7 8 9 10; do ${isEnded} && break; sleep 0.5; done`,
      `${isEnded} && echo '{"done": true}'`,
    ];
    await train(script.join("\n"), { reportTo: ["wandb", "trackio"] });
    assert.deepEqual(said, []);
  });

  it("is no longer waited for once the reader stops the cell", async () => {
    const flag = { requested: false };
    (globalThis as Record<symbol, unknown>)[FLAG] = flag;
    const stop: TrainerCallback = { onTrainEnd: () => void (flag.requested = true) };
    await train("cat > /dev/null; sleep 5", { reportTo: ["wandb", "trackio"] }, [stop]);
    const rest = "was not waited for; its client goes on for 30 s at most.";
    assert.deepEqual(said.sort(), [`Trackio ${rest}`, `Weights & Biases ${rest}`]);
  });

  it("that fails is said on a line of its own in a terminal", async () => {
    process.stderr.isTTY = true;
    await train("exit 7", { reportTo: "wandb" });
    assert.ok(said[0]?.startsWith("\r\u001b[KWeights & Biases stopped recording"));
  });
});
