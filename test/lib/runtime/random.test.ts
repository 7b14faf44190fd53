import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalValues, permutation, seededRandom } from "../../../lib/src/runtime/random";

const sorted = (numbers: readonly number[]) => [...numbers].sort((left, right) => left - right);

describe("a seeded generator", () => {
  it("draws the same numbers in [0, 1) for the same seed, others for another", () => {
    const draw = (seed: number) => Array.from({ length: 1000 }, seededRandom(seed));
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
    assert.ok(draw(7).every((value) => value >= 0 && value < 1));
  });

  it("draws mulberry32's own numbers, so that an order made today is the same tomorrow", () => {
    const random = seededRandom(42);
    // computed with the reference implementation in C
    const expected = [2581720956, 1925393290, 3661312704];
    assert.deepEqual(
      [random(), random(), random()].map((value) => value * 2 ** 32),
      expected,
    );
  });
});

describe("a permutation", () => {
  it("holds every number once", () => {
    for (const count of [0, 1, 2, 1000]) {
      const order = permutation(count, seededRandom(3));
      assert.deepEqual(sorted(order), [...new Array(count).keys()]);
    }
  });

  it("is the same for the same seed, another for another, and not the order it began with", () => {
    assert.deepEqual(permutation(100, seededRandom(5)), permutation(100, seededRandom(5)));
    assert.notDeepEqual(permutation(100, seededRandom(5)), permutation(100, seededRandom(6)));
    assert.notDeepEqual(permutation(100, seededRandom(5)), [...new Array(100).keys()]);
  });

  it("favours none of the six orders of three", () => {
    const random = seededRandom(1);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw += 1) {
      const order = permutation(3, random).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    // 1,000 expected of each; five standard deviations are 144
    for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < 144, `${order}: ${count} times`);
  });
});

describe("normal values", () => {
  const values = normalValues({ count: 100_000, std: 0.02, random: seededRandom(9) });

  it("have the mean 0 and the standard deviation asked for", () => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // five standard errors of each
    assert.ok(Math.abs(mean) < (5 * 0.02) / Math.sqrt(100_000), `mean ${mean}`);
    assert.ok(
      Math.abs(Math.sqrt(variance) / 0.02 - 1) < 5 / Math.sqrt(200_000),
      `std ${Math.sqrt(variance)}`,
    );
  });

  it("have the share within one standard deviation that the bell curve has", () => {
    const share = values.filter((value) => Math.abs(value) < 0.02).length / values.length;
    assert.ok(Math.abs(share - 0.6827) < 0.0075, `share ${share}`);
  });

  it("are finite even where the generator draws 0", () => {
    assert.ok(normalValues({ count: 2, std: 1, random: () => 0 }).every(Number.isFinite));
  });
});
