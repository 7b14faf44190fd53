import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { similarPairs } from "../../../../lib/src/diagnosis/data/similar-pairs";
import { seededRandom } from "../../../../lib/src/runtime/random";

/** Texts of random features, rare ones and frequent ones, many of them changed copies of an earlier text. */
function randomFeatures(seed: number, count: number): Uint32Array[] {
  const random = seededRandom(seed);
  const draw = (): number => Math.floor(random() ** 3 * 2_000) * 2_147_483;
  const texts: Set<number>[] = [];
  for (let text = 0; text < count; text += 1) {
    const like = random() < 0.5 ? [...(texts[Math.floor(random() * text)] ?? [])] : [];
    const size = 5 + Math.floor(random() * 40);
    const kept = like.filter(() => random() < 0.8);
    texts.push(new Set([...kept, ...Array.from({ length: like.length > 0 ? size / 6 : size }, draw)]));
  }
  return texts.map((text) => Uint32Array.from(text));
}

function jaccard(one: Uint32Array, other: Uint32Array): { similarity: number; shared: number } {
  const ours = new Set(one);
  const shared = other.filter((feature) => ours.has(feature)).length;
  return { shared, similarity: shared / (one.length + other.length - shared) };
}

describe("similar pairs", () => {
  for (const [threshold, leastShared] of [
    [0.5, 1],
    [0.5, 15],
    [0.7, 1],
    [0.3, 4],
  ] as const)
    it(`are those that comparing all with all finds, at ${threshold} with ${leastShared} in common`, async () => {
      const features = randomFeatures(Math.round(threshold * 10), 400);
      const expected = features.flatMap((other, at) =>
        features.slice(0, at).flatMap((one, before) => {
          const { similarity, shared } = jaccard(one, other);
          return similarity >= threshold && shared >= leastShared
            ? [{ one: before, other: at, similarity }]
            : [];
        }),
      );
      const found = await similarPairs({ features, threshold, leastShared });
      assert.ok(expected.length > 40, `${expected.length} pairs are too few to test with`);
      assert.deepEqual(
        found.toSorted((left, right) => left.other - right.other || left.one - right.one),
        expected,
      );
    });

  it("counts a pair that is just similar enough", async () => {
    const features = [Uint32Array.from([1, 2, 3, 4, 5, 6]), Uint32Array.from([1, 2, 3, 4, 7, 8])];
    const found = await similarPairs({ features, threshold: 0.5, leastShared: 4 });
    assert.deepEqual(found, [{ one: 0, other: 1, similarity: 0.5 }]);
    assert.deepEqual(await similarPairs({ features, threshold: 0.51, leastShared: 4 }), []);
    assert.deepEqual(await similarPairs({ features, threshold: 0.5, leastShared: 5 }), []);
  });

  it("are none of nothing, of one text and of texts without features", async () => {
    const params = { threshold: 0.5, leastShared: 1 };
    const empty = new Uint32Array();
    for (const features of [[], [Uint32Array.from([1])], [empty, empty]])
      assert.deepEqual(await similarPairs({ features, ...params }), []);
  });
});
