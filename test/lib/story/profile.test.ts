import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { storyProfile } from "../../../lib/src/story/profile";

const settingsOf = (env: NodeJS.ProcessEnv) => storyProfile(env).settings;
const refused = (env: NodeJS.ProcessEnv, message: string) => {
  assert.throws(() => storyProfile(env), new ArgumentError(message));
};

describe("the pocket profile", () => {
  it("is the default: the story at 1:5, with the packaged encoder and snippets", () => {
    const settings = settingsOf({});
    assert.deepEqual(settingsOf({ STORY_PROFILE: "pocket" }), settings);
    const { name, reviews, trainExamples, validationExamples, evalSteps, learningRate, seed } = settings;
    assert.deepEqual(
      [name, reviews, trainExamples, validationExamples, evalSteps, learningRate, seed],
      ["pocket", "snippets", 3000, 300, 40, 5e-5, 42],
    );
    assert.ok(existsSync(path.join(settings.encoder, "model.safetensors")));
  });

  it("presents its settings, without the seed and without a path of this machine", () => {
    const { title, columns, rows } = storyProfile({ STORY_SEED: "7" }).present();
    assert.equal(title, "Profile pocket");
    assert.deepEqual(columns, ["setting", "value"]);
    const [, encoder] = rows.find(([name]) => name === "encoder") ?? [];
    assert.match(String(encoder), /^[^/]+$/);
    const elsewhere = storyProfile({ STORY_ENCODER: "/home/somebody/distilbert" }).present().rows;
    assert.deepEqual(elsewhere[0], ["encoder", "distilbert"]);
    assert.equal(
      rows.some(([name]) => name === "seed"),
      false,
    );
    assert.equal(rows.length, Object.keys(settingsOf({})).length - 1);
  });
});

describe("the full profile", () => {
  it("is the story's own scale, with encoder and reviews from the Hub", () => {
    const settings = settingsOf({ STORY_PROFILE: "full" });
    const { name, encoder, reviews, trainExamples, validationExamples, evalSteps } = settings;
    assert.deepEqual(
      [name, encoder, reviews, trainExamples, validationExamples, evalSteps],
      ["full", "distilbert/distilbert-base-uncased", "stanfordnlp/imdb", 15_000, 1500, 200],
    );
    assert.deepEqual([settings.recipeEpochs, settings.recipeLearningRate], [3, 2e-5]);
  });

  it("names encoder and reviews for a model card, never by a folder of this machine", () => {
    const namesOf = (env: NodeJS.ProcessEnv) => {
      const profile = storyProfile(env);
      return [profile.encoderName, profile.reviewsSource.type];
    };
    assert.deepEqual(namesOf({ STORY_PROFILE: "full" }), [
      "distilbert/distilbert-base-uncased",
      "stanfordnlp/imdb",
    ]);
    assert.deepEqual(namesOf({}), ["sentence-transformers/all-MiniLM-L6-v2", "vader-movie-review-snippets"]);
    assert.equal(namesOf({ STORY_ENCODER: __dirname })[0], "story");
  });

  it("shows its encoder's name without the owner", () => {
    const { rows } = storyProfile({ STORY_PROFILE: "full" }).present();
    assert.deepEqual(rows[0], ["encoder", "distilbert-base-uncased"]);
  });
});

describe("the environment", () => {
  it("overrides encoder, reviews, scale and seed each by itself", () => {
    const pocket = settingsOf({});
    assert.deepEqual(settingsOf({ STORY_ENCODER: "/mnt/e" }), { ...pocket, encoder: "/mnt/e" });
    assert.deepEqual(settingsOf({ STORY_REVIEWS: "stanfordnlp/imdb" }), {
      ...pocket,
      reviews: "stanfordnlp/imdb",
    });
    assert.deepEqual(settingsOf({ STORY_SEED: "-3" }), { ...pocket, seed: -3 });
    assert.deepEqual(settingsOf({ STORY_SCALE: "0.2" }), pocket);
    const { trainExamples, validationExamples, evalSteps } = settingsOf({ STORY_SCALE: "0.1" });
    assert.deepEqual([trainExamples, validationExamples, evalSteps], [1500, 150, 20]);
  });

  it("never scales to nothing", () => {
    for (const [name, value] of Object.entries(settingsOf({ STORY_SCALE: "0.00001" })))
      if (typeof value === "number") assert.ok(value > 0, `${name} is ${value}`);
  });

  it("scales to sets of which half can be of each label", () => {
    const { trainExamples, validationExamples, shortRunExamples } = settingsOf({ STORY_SCALE: "0.0101" });
    for (const count of [trainExamples, validationExamples, shortRunExamples]) assert.equal(count % 2, 0);
  });

  it("that is set to nothing is not set", () => {
    const empty = Object.fromEntries(
      ["PROFILE", "ENCODER", "REVIEWS", "SCALE", "SEED"].map((name) => [`STORY_${name}`, ""]),
    );
    assert.deepEqual(settingsOf(empty), settingsOf({}));
  });

  it("is refused by the variable's name where it says what cannot be", () => {
    refused({ STORY_PROFILE: "pockt" }, 'STORY_PROFILE is "pockt"; expected "pocket" or "full".');
    refused({ STORY_REVIEWS: "imdb" }, 'STORY_REVIEWS is "imdb"; expected "snippets" or "stanfordnlp/imdb".');
    for (const scale of ["0", "-1", "1.5", "small", "NaN"])
      refused({ STORY_SCALE: scale }, `STORY_SCALE is "${scale}"; expected a number above 0 and at most 1.`);
    for (const seed of ["1.5", "one", " "])
      refused({ STORY_SEED: seed }, `STORY_SEED is "${seed}"; expected a whole number.`);
  });
});
