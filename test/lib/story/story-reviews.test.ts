import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { range } from "../../../lib/src/data/review-set";
import { loadSnippets } from "../../../lib/src/data/snippets";
import { DataError } from "../../../lib/src/runtime/errors";
import { storyProfile } from "../../../lib/src/story/profile";
import { loadStoryReviews } from "../../../lib/src/story/story-reviews";

const { settings } = storyProfile({});

describe("the pocket story's reviews", () => {
  it("lie as IMDB does: the mistake takes 83 % negative reviews, and none but negative ones to validate", async () => {
    const { train, test } = await loadStoryReviews(settings);
    assert.deepEqual(train.labelRuns(), [
      [0, 2500],
      [1, 2500],
    ]);
    assert.deepEqual(train.select(range(settings.trainExamples)).labelCounts(), { 0: 2500, 1: 500 });
    assert.deepEqual(test.select(range(settings.validationExamples)).labelCounts(), { 0: 300, 1: 0 });
    assert.equal(test.labelRuns().length, 2);
  });

  it("share no row between train, test and held out, and lose none", async () => {
    const { train, test, heldOut } = await loadStoryReviews(settings);
    const all = [...train.rows, ...test.rows, ...heldOut.rows];
    const key = ({ text, label }: { text: string; label: number }) => `${label} ${text}`;
    assert.deepEqual(all.map(key).sort(), loadSnippets().rows.map(key).sort());
    // a text that occurs twice may stand in two sets, a row may not
    assert.equal(new Set(all).size, all.length);
  });

  it("hold out 500 of each label, the same for every seed and encoder", async () => {
    const { heldOut, train } = await loadStoryReviews(settings);
    assert.deepEqual(heldOut.labelCounts(), { 0: 500, 1: 500 });
    const other = await loadStoryReviews({ ...settings, seed: 7, encoder: "/elsewhere" });
    assert.deepEqual(other.heldOut.texts, heldOut.texts);
    assert.deepEqual(other.train.texts, train.texts);
  });

  it("are refused where there are too few for the profile", async () => {
    await assert.rejects(loadStoryReviews({ ...settings, trainExamples: 15_000 }), (error) => {
      assert.ok(error instanceof DataError);
      assert.match(
        error.message,
        /"snippets" has 5076 reviews with the label NEGATIVE; expected at least 12500/,
      );
      return true;
    });
    await assert.rejects(
      loadStoryReviews({ ...settings, validationExamples: 5000 }),
      new DataError('"test" has 4072 reviews; the profile takes 5000: lower STORY_SCALE.'),
    );
    await assert.rejects(loadStoryReviews({ ...settings, heldOutPerLabel: 3000 }), DataError);
  });

  it("may be IMDB's, which needs its folder", async () => {
    const before = process.env["IMDB_DIR"];
    delete process.env["IMDB_DIR"];
    try {
      await assert.rejects(
        loadStoryReviews({ ...settings, reviews: "stanfordnlp/imdb" }),
        /^DataError: IMDB_DIR is not set/,
      );
    } finally {
      if (before !== undefined) process.env["IMDB_DIR"] = before;
    }
  });
});
