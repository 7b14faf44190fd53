import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { range } from "../../../lib/src/data/review-set";
import { loadSnippets } from "../../../lib/src/data/snippets";
import { DataError } from "../../../lib/src/runtime/errors";
import { storyProfile } from "../../../lib/src/story/profile";
import { loadStoryReviews } from "../../../lib/src/story/story-reviews";

const { settings } = storyProfile({});

/** Where somebody listened, and nobody does any more. */
async function nobodysAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

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

  it("may be IMDB's: from its folder, or from the Hub where no folder is named", async () => {
    const imdb = { ...settings, reviews: "stanfordnlp/imdb" } as const;
    const before = { ...process.env };
    try {
      process.env["IMDB_DIR"] = "/no/such/folder";
      await assert.rejects(loadStoryReviews(imdb), /^DataError: .*expected IMDB's train split there/);
      delete process.env["IMDB_DIR"];
      process.env["HF_ENDPOINT"] = await nobodysAddress();
      process.env["HF_HUB_CACHE"] = "/no/such/cache";
      await assert.rejects(
        loadStoryReviews(imdb),
        /^HubError: .*cannot be reached for pulling the dataset stanfordnlp\/imdb/,
      );
    } finally {
      for (const name of ["IMDB_DIR", "HF_ENDPOINT", "HF_HUB_CACHE"]) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
  });
});
