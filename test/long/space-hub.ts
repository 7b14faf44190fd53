import { cpSync } from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import { obviousCases } from "../../lib/src/data/obvious-cases";
import { pipeline, type TextClassificationPipeline } from "../../lib/src/evaluation/pipeline";
import { startEmbeddedHub, type EmbeddedHub } from "../../lib/src/hub/embedded/embedded-hub";
import { pushToHub } from "../../lib/src/hub/push-to-hub";
import { exportOnnx } from "../../lib/src/onnx/export-onnx";
import { World } from "../detection/world";
import { temporaryFolder } from "../environment/programs";

const TOKEN = "hf_onlyForThisTest";
/** A model that knows sentiment, in ONNX too. */
export const SENTIMENT_MODEL = "reader/sentiment";
/** A review that is neither all good nor all bad. */
export const MIXED = "The cast is wonderful, but the plot drags and the jokes never land.";
/** Reviews whose label nobody doubts. */
export const CASES = Object.values(obviousCases())
  .flat()
  .map(({ text }) => text);

/** A Hub with a model to show. */
export interface SpaceHub {
  hub: EmbeddedHub;
  /** Who pushes, and where to. */
  on: { endpoint: string; token: string };
  /** The model as lib runs it. */
  classify: TextClassificationPipeline;
  /** For the tests' files. */
  folder: string;
}

/** Starts an embedded Hub and pushes {@link SENTIMENT_MODEL}; the object is filled before the tests run. */
export function spaceHub(): SpaceHub {
  const started = { folder: temporaryFolder() } as SpaceHub;
  const { folder } = started;
  before(async () => {
    started.hub = await startEmbeddedHub({ folder: path.join(folder, "hub"), token: TOKEN });
    started.on = { endpoint: started.hub.endpoint, token: TOKEN };
    const { model, tokenizer, folder: trained } = await new World().healthyModel();
    started.classify = pipeline("text-classification", { model, tokenizer, maxLength: 512 });
    const copy = path.join(folder, "sentiment");
    cpSync(trained, copy, { recursive: true });
    await exportOnnx({ folder: copy });
    await pushModel(started, SENTIMENT_MODEL, copy);
  });
  after(() => started.hub.close());
  return started;
}

/** Pushes a folder as a model. */
export async function pushModel({ on }: SpaceHub, repo: string, folder: string): Promise<void> {
  await pushToHub({ ...on, folder, repo, commitMessage: "A model" });
}
