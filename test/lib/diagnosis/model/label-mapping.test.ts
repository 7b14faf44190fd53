import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LabelMappingCheck } from "../../../../lib/src/diagnosis/label-mapping-check";
import { judgeLabelMapping } from "../../../../lib/src/diagnosis/model/label-mapping";
import { SENTIMENT } from "../../../../lib/src/data/snippets";

type Names = Record<number, string>;

function judge(params: {
  declared: Names;
  id2label?: Names;
  labels: readonly number[];
  predictions: readonly number[];
}) {
  const { id2label = SENTIMENT, ...rest } = params;
  return judgeLabelMapping(new LabelMappingCheck({ ...rest, id2label, cases: [], casePredictions: [] }));
}

const labels = Array.from({ length: 200 }, (_, index) => index % 2);
/** Nine of ten right. */
const said = labels.map((label, index) => (index % 20 < 2 ? 1 - label : label));
const SWAPPED = { 0: "POSITIVE", 1: "NEGATIVE" };

describe("the check of what the outputs mean", () => {
  it("passes names that fit, with the share and the next best", () => {
    const { verdict, found, numbers, evidence } = judge({ declared: SENTIMENT, labels, predictions: said });
    assert.equal(verdict, "pass");
    assert.match(found, /it is right on 90\.0 % \(85\.1 % to 93\.4 %\) of 200 examples, and on 10\.0 %/u);
    assert.deepEqual([numbers?.["accuracy"], numbers?.["marginOverDeclared"], evidence?.length], [0.9, 0, 1]);
    assert.ok(Math.abs((numbers?.["marginOverSecond"] ?? 0) - 0.8) < 1e-12);
  });

  it("fails names that are exchanged, and says which and what mends them", () => {
    const { verdict, found, advice, numbers, evidence } = judge({
      ...{ declared: SWAPPED, labels, predictions: said },
    });
    assert.equal(verdict, "fail");
    assert.match(
      found,
      /0 is NEGATIVE, config\.json says POSITIVE; 1 is POSITIVE, config\.json says NEGATIVE/u,
    );
    assert.match(found, /90\.0 % \(.*\) are right instead of 10\.0 % \(p < 0\.001\)/u);
    assert.match(advice ?? "", /0 NEGATIVE, 1 POSITIVE/u);
    assert.ok((numbers?.["pDeclaredByChance"] ?? 1) < 1e-6);
    assert.deepEqual(
      evidence?.map(({ kind }) => kind),
      ["table", "chart"],
    );
  });

  it("warns of names that are none, and fails where their numbers mislead too", () => {
    const declared = { 0: "LABEL_0", 1: "LABEL_1" };
    const inOrder = judge({ declared, labels, predictions: said });
    assert.equal(inOrder.verdict, "warn");
    assert.match(inOrder.found, /LABEL_0 and LABEL_1, which are not the labels/u);
    const turned = judge({ declared, labels, predictions: said.map((output) => 1 - output) });
    assert.equal(turned.verdict, "fail");
    assert.match(turned.found, /not even their numbers.*0 POSITIVE, 1 NEGATIVE/u);
  });

  it("is undecided of a model that collapsed, which is no reason to exchange names", () => {
    const skewed = labels.map((_, index) => Number(index < 20));
    for (const declared of [SENTIMENT, SWAPPED])
      for (const set of [labels, skewed]) {
        const { verdict, found } = judge({ declared, labels: set, predictions: labels.map(() => 0) });
        assert.equal(verdict, "warn");
        assert.match(found, /which chance gives too.*no other reading is shown to be better/u);
      }
  });

  it("warns that one label alone shows nothing, and that few examples do not", () => {
    const one = judge({ declared: SENTIMENT, labels: [0, 0, 0], predictions: [0, 0, 1] });
    assert.deepEqual([one.verdict, /all of them have one label/u.test(one.found)], ["warn", true]);
    const few = judge({ declared: SENTIMENT, labels: [0, 1], predictions: [0, 1] });
    assert.deepEqual([few.verdict, few.advice], ["warn", "Give more labelled examples."]);
  });

  it("fails labels that no output can say", () => {
    const three = { ...SENTIMENT, 2: "NEUTRAL" };
    const { verdict, found } = judge({
      ...{ declared: SENTIMENT, id2label: three },
      labels: [...labels, 2, 2],
      predictions: [...said, 0, 1],
    });
    assert.equal(verdict, "fail");
    assert.match(found, /no output for NEUTRAL/u);
    const { verdict: unseen } = judge({ declared: SENTIMENT, id2label: three, labels, predictions: said });
    assert.equal(unseen, "pass", "a label that does not occur is not missed");
  });

  it("passes an output that no label needs", () => {
    const { verdict } = judge({
      ...{ declared: { 0: "NEGATIVE", 1: "NEUTRAL", 2: "POSITIVE" }, labels },
      predictions: said.map((output) => 2 * output),
    });
    assert.equal(verdict, "pass");
  });

  it("passes labels that are hard to tell apart, and says which may be exchanged", () => {
    const names = { 0: "sad", 1: "glad", 2: "merry" };
    const three = Array.from({ length: 90 }, (_, index) => index % 3);
    const { verdict, found } = judge({
      ...{ declared: names, id2label: names, labels: three },
      predictions: three.map((label, index) => (label === 0 ? 0 : 1 + (Math.floor(index / 3) % 2))),
    });
    assert.equal(verdict, "pass");
    assert.match(found, /that glad and merry are not exchanged, so few examples do not show/u);
  });
});
