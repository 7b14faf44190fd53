import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { writeTinyModel } from "../lib/tiny-model";
import { KernelClient, ROOT } from "./kernel-client";

describe("a training that the reader interrupts", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    const folder = writeTinyModel(path.join(kernel.folder, "model"));
    const cell = await kernel.run(
      `import * as lib from "@finetune-debug/lib";
const model = lib.DistilBertForSequenceClassification.fromFolder(${JSON.stringify(path.relative(path.join(ROOT, "notebooks"), folder))});
const trainDataset = Array.from({ length: 40 }, (_, at) => ({ inputIds: [1, at % 2 === 0 ? 10 : 20, 30], label: at % 2 }));
const args = { outputDir: ${JSON.stringify(path.join(kernel.folder, "run"))}, saveStrategy: "no", maxSteps: 1_000_000 } as const;
const trainer = new lib.Trainer({ model, args, trainDataset, padTokenId: 0 });
const outcome = { step: 0 };`,
    );
    assert.equal(cell.reply["status"], "ok", JSON.stringify(cell.reply));
  });
  after(() => kernel.close());

  it("stops between two steps, says so, and leaves the model, its weights and the run's state usable", async () => {
    const cell = await kernel.run("await trainer.train()", {}, 3);
    const { ename, evalue } = cell.one("error");
    assert.equal(ename, "InterruptedError");
    assert.match(
      String(evalue),
      /^Training at step \d+ was interrupted; what it had made until then is intact/,
    );
    const state = await kernel.run("outcome.step = trainer.state.globalStep; outcome.step > 0");
    assert.equal(state.value, "true");
    // nothing of it goes on behind the next cells
    const later = await kernel.run(
      "await new Promise((r) => setTimeout(r, 300)); trainer.state.globalStep - outcome.step",
    );
    assert.equal(later.value, "0");
    const next = await kernel.run(
      `const { globalStep } = await new lib.Trainer({ model, args: { ...args, maxSteps: 5 }, trainDataset, padTokenId: 0 }).train();
globalStep`,
    );
    assert.equal(next.value, "5");
    assert.equal(next.text("stderr"), "");
  });
});
