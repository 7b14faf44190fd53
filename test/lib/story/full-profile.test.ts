import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, it } from "node:test";
import { createRepo, uploadFiles } from "@huggingface/hub";
import { balanced, splitBalanced } from "../../../lib/src/data/splits";
import { loadSnippets, SENTIMENT } from "../../../lib/src/data/snippets";
import type { ReviewSet } from "../../../lib/src/data/review-set";
import { startEmbeddedHub } from "../../../lib/src/hub/embedded/embedded-hub";
import { pushToHub } from "../../../lib/src/hub/push-to-hub";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { openStory } from "../../../lib/src/story/story";
import { encodeReviews } from "../../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { Trainer } from "../../../lib/src/training/trainer";
import { forgetHubSettings } from "../hub/test-hub";
import { temporaryFolder } from "../temporary-folder";

const TOKEN = "hf_onlyForThisTest";
const folder = temporaryFolder();

/** Parquet as stanfordnlp/imdb has it: text and a 64-bit label, sorted by label. */
async function writeParquet(file: string, set: ReviewSet): Promise<void> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = [
    { name: "text", data: set.texts, type: "STRING" as const },
    { name: "label", data: set.labels.map(BigInt), type: "INT64" as const },
  ];
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData })));
}

/** The packaged encoder and snippets under the names that the full profile asks the Hub for. */
async function fillHub(hubFolder: string): Promise<void> {
  const encoders = await startEmbeddedHub({ folder: hubFolder, token: TOKEN, user: "distilbert" });
  await pushToHub({
    ...{ folder: path.join(DOWNLOADS, "encoder"), repo: "distilbert/distilbert-base-uncased" },
    ...{ commitMessage: "an encoder", endpoint: encoders.endpoint, token: TOKEN },
  });
  await encoders.close();
  const { taken: train, rest } = splitBalanced(loadSnippets(), { perLabel: 1200, seed: 1 });
  const test = splitBalanced(rest, { perLabel: 700, seed: 1 }).taken;
  const names = { train, test };
  const files = [];
  for (const [split, set] of Object.entries(names)) {
    const name = `plain_text/${split}-00000-of-00001.parquet`;
    await writeParquet(path.join(folder, name), set);
    files.push({ path: name, content: pathToFileURL(path.join(folder, name)) });
  }
  const datasets = await startEmbeddedHub({ folder: hubFolder, token: TOKEN, user: "stanfordnlp" });
  const repo = { type: "dataset", name: "stanfordnlp/imdb" } as const;
  const credentials = { accessToken: TOKEN, hubUrl: datasets.endpoint };
  await createRepo({ repo, ...credentials });
  await uploadFiles({ repo, files, useXet: false, ...credentials });
  await datasets.close();
}

describe("the full profile, from a Hub", () => {
  let close: () => Promise<void>;

  before(async () => {
    const hubFolder = path.join(folder, "hub");
    mkdirSync(hubFolder);
    await fillHub(hubFolder);
    const hub = await startEmbeddedHub({ folder: hubFolder });
    close = () => hub.close();
    forgetHubSettings(path.join(folder, "home"));
    Object.assign(process.env, {
      ...{ STORY_PROFILE: "full", STORY_SCALE: "0.01", STORY_BUILD: path.join(folder, "build") },
      ...{ HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: path.join(folder, "cache") },
    });
    for (const name of ["IMDB_DIR", "STORY_REVIEWS", "STORY_ENCODER"])
      Reflect.deleteProperty(process.env, name);
  });
  after(async () => {
    await close();
  });

  it("loads reviews and encoder by their names, and trains on them", async () => {
    const story = openStory("full");
    const { encoder, trainExamples } = story.settings;
    assert.equal(encoder, "distilbert/distilbert-base-uncased");
    const { train, test, heldOut } = await story.reviews();
    assert.deepEqual(train.labelRuns(), [
      [0, 1200],
      [1, 1200],
    ]);
    assert.deepEqual([test.length, heldOut.length], [400, 1000]);
    const tokenizer = await Tokenizer.fromPretrained(encoder);
    const id2label = SENTIMENT;
    const model = await DistilBertForSequenceClassification.fromPretrained(encoder, { id2label });
    // the head is new, and nothing but the head
    assert.deepEqual(model.newlyInitialized.sort(), [
      "classifier.bias",
      "classifier.weight",
      "pre_classifier.bias",
      "pre_classifier.weight",
    ]);
    const set = balanced(train, { perLabel: trainExamples / 2, seed: 1 });
    const run = await new Trainer({
      model,
      args: { ...story.sharedArguments("few"), perDeviceTrainBatchSize: 4, maxSteps: 3 },
      trainDataset: encodeReviews(set, { tokenizer, maxLength: 32 }),
      evalDataset: encodeReviews(balanced(test, { perLabel: 4, seed: 1 }), { tokenizer, maxLength: 32 }),
      padTokenId: tokenizer.padTokenId,
    }).train();
    assert.equal(run.globalStep, 3);
    assert.ok(run.trainingLoss > 0.3 && run.trainingLoss < 1.2, `${run.trainingLoss}`);
    model.dispose();
  });
});
