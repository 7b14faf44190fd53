import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { ArtefactError } from "../../../lib/src/runtime/errors";
import { openStory } from "../../../lib/src/story/story";
import { trainingArguments } from "../../../lib/src/training/training-arguments";
import { temporaryFolder } from "../temporary-folder";

const build = temporaryFolder();
const before = { ...process.env };
for (const name of Object.keys(process.env))
  if (name.startsWith("STORY_")) Reflect.deleteProperty(process.env, name);
process.env["STORY_BUILD"] = build;
after(() => {
  for (const name of ["STORY_BUILD", "STORY_SEED"]) {
    const value = before[name];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

const verdictsOf = (notebook: string) =>
  JSON.parse(readFileSync(path.join(build, "verdicts", `${notebook}.json`), "utf8")) as Record<
    string,
    unknown
  >[];

describe("a notebook of the story", () => {
  it("keeps every verdict for summary.json, and forgets those of an earlier run", () => {
    const story = openStory("01-a");
    assert.equal(story.verdict({ question: "q", value: 1, equals: 1 }).ok, true);
    assert.equal(story.verdict({ question: "r", value: 1, atLeast: 2 }).ok, false);
    assert.deepEqual(verdictsOf("01-a"), [
      { question: "q", value: 1, threshold: "1", ok: true },
      { question: "r", value: 1, threshold: "at least 2", ok: false },
    ]);
    openStory("01-a");
    assert.equal(existsSync(path.join(build, "verdicts/01-a.json")), false);
  });

  it("leaves what a later one takes, under its own name and this run's seed", () => {
    openStory("01-a").save("result", { accuracy: 1 });
    assert.deepEqual(openStory("02-b").load<{ accuracy: number }>("01-a", "result"), { accuracy: 1 });
    assert.throws(
      () => openStory("02-b").load("02-b", "result"),
      new ArtefactError('"result" is missing. Run notebook 02-b first.'),
    );
    process.env["STORY_SEED"] = "7";
    assert.throws(() => openStory("02-b").load("01-a", "result"), ArtefactError);
    assert.equal(openStory("02-b").settings.seed, 7);
    delete process.env["STORY_SEED"];
  });

  it("gives every run the same arguments, which the Trainer takes, and a folder of its own", () => {
    const story = openStory("01-a");
    const [broken, fixed] = ["broken", "fixed"].map((run) => trainingArguments(story.sharedArguments(run)));
    assert.ok(broken && fixed);
    assert.equal(broken.outputDir, path.join(build, "checkpoints/01-a/broken"));
    assert.notEqual(fixed.outputDir, broken.outputDir);
    assert.deepEqual({ ...fixed, outputDir: "" }, { ...broken, outputDir: "" });
    assert.deepEqual(
      [
        broken.seed,
        broken.learningRate,
        broken.warmupSteps,
        broken.loadBestModelAtEnd,
        broken.metricForBestModel,
      ],
      [42, 5e-5, 0, true, "accuracy"],
    );
  });
});
