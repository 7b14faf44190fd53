import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { diagnose } from "../../../../lib/src/diagnosis/diagnose";
import { judgeLabelNames, labelNames } from "../../../../lib/src/diagnosis/model/label-names";
import { LabelNames } from "../../../../lib/src/model/label-names";
import { temporaryFolder } from "../../temporary-folder";
import { writeTinyModel } from "../../tiny-model";

type Names = Record<string, string>;

const ids = (names: Names) =>
  Object.fromEntries(Object.entries(names).map(([id, name]) => [name, Number(id)]));
const judge = (names: Names, label2id: Record<string, number> = ids(names), outputs = 2) =>
  judgeLabelNames(new LabelNames(outputs, names, label2id));

describe("the check of label names", () => {
  it("passes a name for every output", () => {
    const { verdict, found, numbers } = judge({ 0: "NEGATIVE", 1: "POSITIVE" });
    assert.deepEqual([verdict, found], ["pass", "Every output has a name: 0 NEGATIVE, 1 POSITIVE."]);
    assert.deepEqual(numbers, { contradictions: 0, unclear: 0, names: 2, outputs: 2 });
  });

  it("warns of outputs that nobody named", () => {
    const missing = judgeLabelNames(new LabelNames(2, undefined, undefined));
    assert.deepEqual([missing.verdict, /id2label is missing/u.test(missing.found)], ["warn", true]);
    for (const name of ["LABEL_", "label-", "Class ", "", "output #"]) {
      const { verdict, found } = judge({ 0: `${name}0`, 1: `${name}1` });
      assert.equal(verdict, "warn", name);
      assert.match(found, /nobody named/u);
    }
  });

  it("fails a label2id that contradicts, a wrong number of names and one name twice", () => {
    const names = { 0: "NEGATIVE", 1: "POSITIVE" };
    assert.equal(judge(names, { NEGATIVE: 1, POSITIVE: 0 }).verdict, "fail");
    assert.equal(judge(names, { NEGATIVE: 0 }).verdict, "fail");
    assert.equal(judge(names, ids(names), 3).verdict, "fail");
    assert.equal(judge({ 1: "NEGATIVE", 2: "POSITIVE" }).verdict, "fail");
    assert.match(judge({ 0: "GOOD", 1: "GOOD" }).found, /one name to two outputs/u);
    assert.equal(judge({ 0: "LABEL_0", 1: "LABEL_1" }, { LABEL_0: 1, LABEL_1: 0 }).verdict, "fail");
  });

  it("warns of names that a reader cannot tell apart, or see", () => {
    for (const twin of ["good", "GOOD ", "GO\u200bOD", "ＧＯＯＤ"]) {
      const { verdict, found } = judge({ 0: "GOOD", 1: twin });
      assert.equal(verdict, "warn", twin);
      assert.match(found, /look like one name for 2 outputs/u);
    }
    assert.match(judge({ 0: "GOOD", 1: " " }).found, /The name of output 1 is empty/u);
  });

  it("fails names that are not those that were meant", () => {
    const stored = new LabelNames(2, { 0: "POSITIVE", 1: "NEGATIVE" }, undefined);
    const { verdict, found } = judgeLabelNames(stored, { 0: "NEGATIVE", 1: "POSITIVE" });
    assert.equal(verdict, "fail");
    assert.match(found, /config\.json says that 0 is POSITIVE, and NEGATIVE was meant/u);
    assert.equal(judgeLabelNames(stored, { 0: "positive", 1: "negative" }).verdict, "pass");
  });

  it("reads a folder, and fails one that cannot be read", async () => {
    const folder = writeTinyModel(path.join(temporaryFolder(), "model"));
    const ask = async () => (await diagnose({ folder }, { checks: [labelNames] })).result("label-names");
    assert.equal((await ask())?.verdict, "warn");
    for (const config of ["[", '{"id2label": {"0": 7}}', '{"id2label": [1]}']) {
      writeFileSync(path.join(folder, "config.json"), config);
      assert.equal((await ask())?.verdict, "fail", config);
    }
  });

  it("shows an id that is no number as it stands", () => {
    const { verdict, evidence } = judge({ a: "GOOD", 1: "BAD" }, { GOOD: 0, BAD: 1 });
    assert.equal(verdict, "fail");
    assert.deepEqual(
      evidence?.flatMap((spec) => (spec.kind === "table" ? spec.rows.map(([id]) => id) : [])),
      [0, 1, "a"],
    );
  });
});
