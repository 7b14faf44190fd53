import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { modelTypeOf } from "../../../../lib/src/diagnosis/model/architecture-name";
import { judgeClaims } from "../../../../lib/src/diagnosis/model/card";
import {
  accuracyClaims,
  kindClaims,
  labelClaims,
  missingClaims,
} from "../../../../lib/src/diagnosis/model/card-claims";
import { readCardHead } from "../../../../lib/src/diagnosis/model/card-head";
import { cardLabels } from "../../../../lib/src/diagnosis/model/card-labels";
import { SENTIMENT } from "../../../../lib/src/data/snippets";

const HEAD = {
  license: "apache-2.0",
  base_model: "distilbert/distilbert-base-uncased",
  datasets: ["stanfordnlp/imdb"],
  pipeline_tag: "text-classification",
  "model-index": [{ name: "m", results: [{ metrics: [{ type: "accuracy", value: 0.9 }] }] }],
};

const headOf = (changed: object = {}) => readCardHead({ ...HEAD, ...changed });
const labelsOf = (body: string) =>
  labelClaims({ body, told: cardLabels(body, Object.values(SENTIMENT)), id2label: SENTIMENT });
const problems = (claims: readonly { problem: string }[]) =>
  claims.flatMap(({ problem }) => (problem === "" ? [] : [problem]));

describe("the head of a card", () => {
  it("lacks nothing where all is said", () => {
    const claims = [...missingClaims(headOf()), ...kindClaims(headOf(), "distilbert")];
    assert.deepEqual(problems(claims), []);
    assert.equal(judgeClaims(claims).verdict, "pass");
  });

  it("is warned of what is missing, or stands there for nothing", () => {
    for (const license of [undefined, "", "[More Information Needed]", "TODO", 7, null])
      assert.deepEqual(problems(missingClaims(headOf({ license }))), ["license is missing"]);
    assert.deepEqual(problems(missingClaims(readCardHead({}))), [
      "license is missing",
      "base_model is missing",
      "datasets is missing",
      "model-index is missing",
    ]);
    assert.equal(judgeClaims(missingClaims(readCardHead({}))).verdict, "warn");
  });

  it("may have any shape without a crash", () => {
    for (const shape of [
      "x",
      3,
      null,
      [],
      {},
      [null],
      [{ results: "x" }],
      [{ results: [{ metrics: [{ value: "?" }] }] }],
    ])
      assert.equal(headOf({ "model-index": shape, datasets: shape }).hasResults, false);
  });

  it("is told from config.json by the kind of model", () => {
    const tagged = kindClaims(headOf({ pipeline_tag: "text-generation" }), "distilbert");
    assert.equal(judgeClaims(tagged).verdict, "fail");
    const foreign = kindClaims(headOf({ base_model: "FacebookAI/roberta-base" }), "distilbert");
    assert.equal(judgeClaims(foreign).verdict, "warn");
    assert.match(problems(foreign)[0] ?? "", /roberta-base, and config\.json describes a distilbert model/u);
    const several = kindClaims(headOf({ base_model: ["a/roberta-base", "b/distilbert"] }), "distilbert");
    assert.deepEqual(problems(several), []);
  });

  it("names a kind by the longest word that fits", () => {
    assert.deepEqual(
      ["distilroberta-base", "microsoft/deberta-v3-small", "bert-base-cased", "all-MiniLM-L6-v2"].map(
        modelTypeOf,
      ),
      ["roberta", "deberta-v2", "bert", undefined],
    );
  });
});

describe("the labels of a card", () => {
  it("are read from a table, a list, a sentence and code", () => {
    const bodies = [
      "## Labels\n\n| id | label |\n| --- | --- |\n| 0 | POSITIVE |\n| 1 | NEGATIVE |",
      "- **LABEL_0**: positive\n- **LABEL_1**: negative",
      "Labels: 0 -> Positive; 1 -> Negative",
      "`id2label = {0: 'POSITIVE', 1: 'NEGATIVE'}`",
    ];
    for (const body of bodies) {
      const [claim] = labelsOf(body);
      assert.equal(claim?.verdict, "fail", body);
      assert.match(claim.problem, /the card says that 0 is "positive", and config\.json says NEGATIVE/iu);
      const right = body.replace(/positive|negative/giu, (name) =>
        /^p/iu.test(name) ? "negative" : "positive",
      );
      assert.equal(labelsOf(right)[0]?.verdict, "pass", right);
    }
  });

  it("are not read from numbers that are about something else", () => {
    const body = "## Stars\n\n1 → negative, 5 → positive\n\n## Labels\n\nNEGATIVE and POSITIVE.";
    assert.equal(labelsOf(body)[0]?.verdict, "pass");
  });

  it("fail where the card has one more than the model, and warn where it has none", () => {
    const more = "| id | label |\n|---|---|\n| 0 | negative |\n| 1 | positive |\n| 2 | neutral |";
    assert.match(labelsOf(more)[0]?.problem ?? "", /2 is "neutral", and config\.json has no such output/u);
    assert.equal(labelsOf("Tells good from bad.")[0]?.verdict, "warn");
    assert.deepEqual(labelsOf(" \n"), []);
  });
});

describe("the accuracy of a card", () => {
  const verdictOf = (value: number, hits: number, count: number) =>
    accuracyClaims(headOf({ "model-index": [{ results: [{ metrics: [{ type: "accuracy", value }] }] }] }), {
      hits,
      count,
    })[0]?.verdict;

  it("fails where it is too high by more than chance, and by enough to matter", () => {
    assert.equal(verdictOf(0.99, 340, 400), "fail");
    assert.equal(verdictOf(99, 340, 400), "fail", "as a percentage");
    assert.equal(verdictOf(0.9, 340, 400), "pass", "two measurements differ so much by chance");
    assert.equal(verdictOf(0.87, 85_000, 100_000), "pass", "sure, and of no matter");
    assert.equal(verdictOf(1, 3, 4), "pass", "few");
  });

  it("warns where it is too low, and says nothing where nothing was measured", () => {
    assert.equal(verdictOf(0.6, 340, 400), "warn");
    assert.equal(verdictOf(0.6, 0, 0), undefined);
    assert.deepEqual(accuracyClaims(readCardHead({}), { hits: 1, count: 2 }), []);
    for (const value of [0, 1]) assert.equal(verdictOf(value, 400 * value, 400), "pass");
  });

  it("is the nearest of several", () => {
    const results = [0.99, 0.84].map((value) => ({ metrics: [{ type: "accuracy", value }] }));
    const head = headOf({ "model-index": [{ results }] });
    assert.equal(accuracyClaims(head, { hits: 340, count: 400 })[0]?.verdict, "pass");
  });
});
