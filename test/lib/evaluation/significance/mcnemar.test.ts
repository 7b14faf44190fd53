import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mcnemarTest, type McNemarResult } from "../../../../lib/src/evaluation/significance/mcnemar";
import type { PairedAnswers } from "../../../../lib/src/evaluation/significance/paired-answers";
import { DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("mcnemarTest") as (PairedAnswers & McNemarResult)[];

describe("mcnemarTest", () => {
  for (const { labels, left, right, pValue, ...counts } of cases) {
    it(`agrees with statsmodels on ${counts.onlyLeftRight} against ${counts.onlyRightRight}`, () => {
      const found = mcnemarTest({ labels, left, right });
      assert.deepEqual({ ...found, pValue: 0 }, { ...counts, pValue: 0 });
      assertClose(found.pValue, pValue, "pValue");
    });
  }

  it("counts by hand", () => {
    const found = mcnemarTest({ labels: [0, 1, 1, 2], left: [0, 1, 0, 0], right: [0, 0, 1, 1] });
    assert.deepEqual(found, { onlyLeftRight: 1, onlyRightRight: 1, bothRight: 1, bothWrong: 1, pValue: 1 });
  });

  it("shows nothing where the models are right on the same examples", () => {
    assert.equal(mcnemarTest({ labels: [0, 1, 2], left: [0, 0, 0], right: [0, 2, 1] }).pValue, 1);
  });

  it("refuses no examples, and predictions of others", () => {
    assert.throws(
      () => mcnemarTest({ labels: [0, 1], left: [0, 1], right: [0] }),
      new DataError(
        "Two models were compared on 2 labels with 2 and 1 predictions; expected as many of each, and at least one.",
      ),
    );
    assert.throws(() => mcnemarTest({ labels: [], left: [], right: [] }), DataError);
  });
});
