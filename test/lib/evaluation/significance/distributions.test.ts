import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  binomialCdf,
  binomialChance,
  binomialSurvival,
  chiSquareSurvival,
  normalCdf,
  normalQuantile,
} from "../../../../lib/src/evaluation/significance/distributions";
import { ArgumentError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

interface Reference {
  chiSquareSurvival: { x: number; degreesOfFreedom: number; expected: number }[];
  normalCdf: { z: number; expected: number }[];
  normalQuantile: { p: number; expected: number }[];
  binomial: { k: number; n: number; p: number; cdf: number; survival: number; chance: number }[];
}

const reference = referenceCases("distributions") as Reference;

describe("the distributions", () => {
  it("are scipy's chi-square, down to p-values that a computer calls 0", () => {
    for (const { x, degreesOfFreedom, expected } of reference.chiSquareSurvival)
      assertClose(chiSquareSurvival(x, degreesOfFreedom), expected, `${x} with ${degreesOfFreedom}`);
    assert.equal(chiSquareSurvival(Infinity, 2), 0);
    assert.equal(chiSquareSurvival(1e6, 3), 0);
  });

  it("are scipy's normal one, and its quantiles", () => {
    for (const { z, expected } of reference.normalCdf) assertClose(normalCdf(z), expected, `z ${z}`);
    for (const { p, expected } of reference.normalQuantile)
      assertClose(normalQuantile(p), expected, `p ${p}`);
    assert.deepEqual([0, 1].map(normalQuantile), [-Infinity, Infinity]);
    assert.deepEqual([normalCdf(-Infinity), normalCdf(Infinity)], [0, 1]);
  });

  it("are scipy's binomial one: at most, more than and exactly so many", () => {
    for (const { k, n, p, ...expected } of reference.binomial) {
      assertClose(binomialCdf(k, n, p), expected.cdf, `at most ${k} of ${n}, ${p}`);
      assertClose(binomialSurvival(k, n, p), expected.survival, `more than ${k} of ${n}, ${p}`);
      assertClose(binomialChance(k, n, p), expected.chance, `${k} of ${n}, ${p}`);
    }
    assert.equal(binomialCdf(0, 0, 0.5), 1);
  });

  it("refuse what they are not defined for, and say what that was", () => {
    assert.throws(
      () => chiSquareSurvival(-1, 2),
      new ArgumentError("A chi-square of -1 was given; expected 0 or more."),
    );
    for (const ask of [
      () => chiSquareSurvival(NaN, 2),
      () => chiSquareSurvival(1, -1),
      () => normalCdf(NaN),
      () => normalQuantile(1.5),
      () => binomialCdf(1, 2.5, 0.5),
      () => binomialSurvival(1, 2, -0.1),
      () => binomialChance(1, -2, 0.5),
    ])
      assert.throws(ask, ArgumentError);
  });
});
