import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { binomialTest } from "../../../../lib/src/evaluation/significance/binomial-test";
import { ArgumentError, DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("binomialTest") as {
  hits: number;
  count: number;
  share: number;
  pValue: number;
}[];

describe("binomialTest", () => {
  for (const { pValue, ...given } of cases) {
    it(`agrees with scipy on ${given.hits} of ${given.count}, expected ${given.share}`, () => {
      assertClose(binomialTest(given).pValue, pValue, "pValue");
    });
  }

  it("is the sum of all outcomes that are at most as likely", () => {
    // of 5 fair draws: 0 and 5 hits (2 ways), 1 and 4 hits (10 ways), of 32
    assertClose(binomialTest({ hits: 4, count: 5, share: 0.5 }).pValue, 12 / 32, "4 of 5");
    assertClose(binomialTest({ hits: 0, count: 5, share: 0.5 }).pValue, 2 / 32, "0 of 5");
  });

  it("refuses a count of 0, and hits or shares that cannot be", () => {
    assert.throws(
      () => binomialTest({ hits: 0, count: 0, share: 0.5 }),
      new DataError("A share of 0 examples was tested; expected at least one."),
    );
    for (const given of [
      { hits: 3, count: 2, share: 0.5 },
      { hits: -1, count: 2, share: 0.5 },
      { hits: 1.5, count: 2, share: 0.5 },
      { hits: 1, count: 2, share: 1.1 },
      { hits: 1, count: 2, share: NaN },
    ])
      assert.throws(() => binomialTest(given), ArgumentError);
  });
});
