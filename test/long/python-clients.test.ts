import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { obviousCases } from "../../lib/src/data/obvious-cases";
import { startEmbeddedHub, type EmbeddedHub } from "../../lib/src/hub/embedded/embedded-hub";
import { pipeline } from "../../lib/src/evaluation/pipeline";
import { DistilBertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { loadArtefact } from "../../lib/src/story/artefacts";
import { storyProfile } from "../../lib/src/story/profile";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { ROOT, temporaryFolder } from "../environment/programs";
import { newcomer, start } from "./clone";
import { clientPython, hubEnvironment, runPython } from "./python-environment";

const PUSHED = "06-push-to-hub";
const REPO = "reader/movie-review-sentiment";
const TEXTS = [
  ...Object.values(obviousCases())
    .flat()
    .map(({ text }) => text),
  "Not good, not bad: 10/10 for the naïve cast.",
  `${"A long and winding review. ".repeat(20)}It is awful.`,
];
const MAX_LENGTH = 64;

/** What transformers_client.py prints of a model. */
interface PythonAnswer {
  architecture: string;
  id2label: Record<string, string>;
  label2id: Record<string, number>;
  ids: number[][];
  scores: number[][];
  labels: string[];
  card?: { license: string; base_model: string; results: [string, number][] };
}

/**
 * The build folder of a story that pushed: that of `npm test`, if its notebooks were these, or one told now at a tenth of the
 * scale. Its verdicts may fail there; what counts here is that trained weights were pushed.
 */
async function storyBuild(folder: string): Promise<string> {
  const made = path.join(ROOT, "build/nbval/build");
  const { settings } = storyProfile({});
  const before = process.env["STORY_BUILD"];
  try {
    process.env["STORY_BUILD"] = made;
    loadArtefact({ notebook: PUSHED, name: "result", settings });
    return made;
  } catch {
    const build = path.join(folder, "build");
    // nothing of the reader's: neither a profile nor a repository to push to
    const env = { ...newcomer(os.homedir()), STORY_BUILD: build, STORY_SCALE: "0.02" };
    const told = start(["environment/story.mjs", "--out", `${build}-page`], {
      cwd: ROOT,
      env,
    });
    await told.ended;
    assert.ok(existsSync(path.join(build, "artefacts", PUSHED, "result.json")), told.printed());
    return build;
  } finally {
    if (before === undefined) delete process.env["STORY_BUILD"];
    else process.env["STORY_BUILD"] = before;
  }
}

describe("Python's own clients", () => {
  let python: string;
  let build: string;
  let hub: EmbeddedHub;
  const folder = temporaryFolder();

  before(async () => {
    python = clientPython();
    build = await storyBuild(folder);
    hub = await startEmbeddedHub({ folder: path.join(build, "hub") });
  });
  after(() => hub.close());

  const ask = async (
    models: { name: string; revision?: string }[],
    saving: { saveTo?: string; maxShardSize?: string } = {},
  ): Promise<PythonAnswer[]> => {
    const printed = await runPython({
      python,
      args: [path.join(ROOT, "test/long/transformers_client.py")],
      input: { models, texts: TEXTS, ...saving },
      env: hubEnvironment({ endpoint: hub.endpoint, home: path.join(folder, "home") }),
    });
    return JSON.parse(printed.trim().split("\n").at(-1) ?? "") as PythonAnswer[];
  };
  /** What lib makes of the same texts: the probability of every label, by id. */
  const ourScores = async (model: DistilBertForSequenceClassification, tokenizer: Tokenizer) => {
    const { texts } = await pipeline("text-classification", { model, tokenizer, maxLength: MAX_LENGTH })(
      TEXTS,
    );
    return texts.map(({ scores }) => Object.values(scores));
  };
  const closeTo = (ours: number[][], theirs: number[][], tolerance: number): void => {
    const differences = ours.flatMap((row, at) =>
      row.map((one, id) => Math.abs(one - (theirs[at]?.[id] ?? NaN))),
    );
    assert.equal(differences.length, TEXTS.length * 2);
    const largest = Math.max(...differences);
    assert.ok(largest <= tolerance, `scores differ by up to ${largest}`);
  };

  it("push with huggingface_hub to the embedded Hub, pull it back, and are refused as by the Hub", async () => {
    const own = path.join(folder, "own");
    mkdirSync(own);
    const token = "hf_onlyForThisTest";
    const writable = await startEmbeddedHub({ folder: own, token });
    try {
      const env = hubEnvironment({
        endpoint: writable.endpoint,
        home: path.join(folder, "other home"),
        token,
      });
      const args = [path.join(ROOT, "test/long/hub_client.py"), "reader/from-python"];
      assert.equal((await runPython({ python, args, env })).trim(), "ok");
    } finally {
      await writable.close();
    }
  });

  it("load with transformers what notebook 6 pushed, over HF_ENDPOINT and from the folder, with the same scores", async () => {
    const cacheDir = path.join(folder, "cache");
    const options = { endpoint: hub.endpoint, cacheDir, revision: "v1.0" };
    const model = await DistilBertForSequenceClassification.fromPretrained(REPO, options);
    const tokenizer = await Tokenizer.fromPretrained(REPO, options);
    const ours = await ourScores(model, tokenizer);
    const [overHub, fromFolder] = await ask([{ name: REPO, revision: "v1.0" }, { name: tokenizer.folder }]);
    assert.ok(overHub && fromFolder);
    for (const theirs of [overHub, fromFolder]) {
      assert.equal(theirs.architecture, "DistilBertForSequenceClassification");
      assert.deepEqual(theirs.id2label, { 0: "NEGATIVE", 1: "POSITIVE" });
      assert.deepEqual(theirs.label2id, { NEGATIVE: 0, POSITIVE: 1 });
      closeTo(ours, theirs.scores, 1e-3);
      const long = 1000;
      assert.deepEqual(
        theirs.ids,
        TEXTS.map((text) => tokenizer.encode(text, { maxLength: long }).inputIds),
      );
      assert.equal(theirs.labels.length, TEXTS.length);
    }
    assert.equal(overHub.card?.license, "apache-2.0");
    assert.deepEqual(
      overHub.card.results.map(([type]) => type),
      ["accuracy"],
    );
    model.dispose();
  });

  it("read label names that notebook 5 mended, and what lib saved after it", async () => {
    const models = path.join(build, "work/05-label-mapping-check/models");
    const names = ["swapped", "again"].map((name) => ({ name: path.join(models, name) }));
    // lib saves the model alone; its tokenizer is that of the mended folder
    Tokenizer.fromFolder(path.join(models, "swapped")).savePretrained(path.join(models, "again"));
    const [mended, again] = await ask(names);
    assert.ok(mended && again);
    for (const { id2label, label2id } of [mended, again]) {
      assert.deepEqual(id2label, { 0: "NEGATIVE", 1: "POSITIVE" });
      assert.deepEqual(label2id, { NEGATIVE: 0, POSITIVE: 1 });
    }
    closeTo(again.scores, mended.scores, 1e-6);
  });

  it("save with transformers what lib then loads, with the same scores", async () => {
    const saved = path.join(folder, "saved by transformers");
    const [theirs] = await ask([{ name: REPO }], { saveTo: saved });
    assert.ok(theirs);
    const model = DistilBertForSequenceClassification.fromFolder(saved);
    assert.deepEqual(model.newlyInitialized, []);
    closeTo(await ourScores(model, Tokenizer.fromFolder(saved)), theirs.scores, 1e-3);
    model.dispose();
  });

  it("load the shards that lib saves, and save shards that lib loads, with the same scores", async () => {
    const ours = path.join(folder, "our shards");
    const theirs = path.join(folder, "their shards");
    const options = { endpoint: hub.endpoint, cacheDir: path.join(folder, "cache") };
    const model = await DistilBertForSequenceClassification.fromPretrained(REPO, options);
    const tokenizer = await Tokenizer.fromPretrained(REPO, options);
    model.savePretrained(ours, { maxShardSize: "20MB" });
    tokenizer.savePretrained(ours);
    const [answer] = await ask([{ name: ours }], { saveTo: theirs, maxShardSize: "20MB" });
    assert.ok(answer);
    closeTo(await ourScores(model, tokenizer), answer.scores, 1e-3);
    const sharded = (saved: string) => readdirSync(saved).filter((name) => name.startsWith("model"));
    assert.ok(sharded(ours).length > 3, sharded(ours).join());
    assert.deepEqual(sharded(theirs).sort(), sharded(ours).sort());
    const back = DistilBertForSequenceClassification.fromFolder(theirs);
    closeTo(await ourScores(back, tokenizer), await ourScores(model, tokenizer), 1e-6);
    model.dispose();
    back.dispose();
  });
});
