import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { seededRandom } from "../../../lib/src/runtime/random";
import { damageOf } from "../../../lib/src/training/checkpoint-manifest";
import { Trainer } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { KILLED_ARGS, trainKilled } from "./killed-run";
import { tinyRun } from "./tiny-run";

/** test/long kills more often. */
const KILLS = Number(process.env["RESUME_KILLS"] ?? 8);

describe(`a run that SIGKILL ends ${KILLS} times while it saves`, () => {
  it("ends with the bytes of one that was never killed: weights, moments, log", async (context) => {
    const folder = temporaryFolder();
    // large enough that a checkpoint takes some milliseconds to write
    const config = { vocabSize: 4000, dim: 64, hiddenDim: 64 };
    const source = writeTinyModel(path.join(folder, "model"), { config });
    const model = DistilBertForSequenceClassification.fromFolder(source);
    const whole = path.join(folder, "whole");
    await new Trainer(tinyRun(model, whole, KILLED_ARGS)).train();
    model.dispose();
    const outputDir = path.join(folder, "killed");
    const found = await trainKilled({ source, outputDir, kills: KILLS, random: seededRandom(KILLS) });
    context.diagnostic(`${found.whileSaving} of ${found.kills} kills left a checkpoint half written`);
    assert.equal(found.kills, KILLS);
    // kept are the last three, and what the killed processes left is gone
    const names = ["checkpoint-38", "checkpoint-39", "checkpoint-40"];
    assert.deepEqual([readdirSync(whole), readdirSync(outputDir)], [names, names]);
    for (const name of names) {
      assert.equal(damageOf(path.join(outputDir, name)), undefined);
      for (const file of ["model.safetensors", "optimizer.safetensors", "trainer_state.json"])
        assert.ok(
          readFileSync(path.join(outputDir, name, file)).equals(readFileSync(path.join(whole, name, file))),
          `${name}/${file}`,
        );
    }
  });
});
