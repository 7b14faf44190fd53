import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { minimumFunctionality } from "../../../../lib/src/diagnosis/behaviour/minimum-functionality";
import { diagnose } from "../../../../lib/src/diagnosis/diagnose";
import { breakWords, findingOf, OPINION, wordSubject } from "./word-subject";

describe("minimum functionality", () => {
  it("passes a model that knows the words of opinion, and names what it gets wrong", async () => {
    const { verdict, found, numbers } = await findingOf(minimumFunctionality, wordSubject());
    assert.equal(verdict, "pass");
    assert.match(
      found,
      /^1\.5 % of 204 plain sentences get the wrong label .* most of feelings, 2 of 24\.$/u,
    );
    assert.equal(numbers?.["wrong"], 3);
  });

  it("warns of a model that lacks some of the words", async () => {
    const { verdict, found } = await findingOf(
      minimumFunctionality,
      wordSubject({ praise: OPINION.praise.slice(8) }),
    );
    assert.equal(verdict, "warn");
    assert.match(found, /most of opinion words, 16 of 48/u);
  });

  it("warns of a model that has one kind of sentence the wrong way round, though few others", async () => {
    const [loved, others] = [/^(?:loved|enjoyed|liked|admired)$/u, /^(?:hated|disliked|regretted)$/u];
    const praise = [...OPINION.praise.filter((word) => !loved.test(word)), "hated", "disliked", "regretted"];
    const blame = OPINION.blame.filter((word) => !others.test(word));
    const { verdict, found, numbers } = await findingOf(minimumFunctionality, wordSubject({ praise, blame }));
    assert.equal(verdict, "warn");
    assert.match(found, /most of feelings/u);
    assert.ok((numbers?.["failureRateLow"] ?? 1) < 0.1);
  });

  it("fails a model whose names are swapped, and says so", async () => {
    const subject = wordSubject({ id2label: { 0: "POSITIVE", 1: "NEGATIVE" } });
    const { verdict, advice, evidence } = await findingOf(minimumFunctionality, subject);
    assert.equal(verdict, "fail");
    assert.match(advice ?? "", /config\.json.*swapped/u);
    assert.ok(evidence?.some(({ kind }) => kind === "chart"));
  });

  it("fails a model that always says the same, and says so", async () => {
    const { verdict, advice, found } = await findingOf(minimumFunctionality, wordSubject({ bias: 50 }));
    assert.equal(verdict, "fail");
    assert.match(found, /^50\.0 % of 204/u);
    assert.match(advice ?? "", /says NEGATIVE whatever it reads/u);
  });

  it("takes a neutral answer for a wrong one", async () => {
    const id2label = { 0: "neg", 1: "pos", 2: "neutral" };
    const { verdict } = await findingOf(minimumFunctionality, wordSubject({ id2label }));
    assert.equal(verdict, "pass");
    const silent = await findingOf(minimumFunctionality, wordSubject({ id2label, praise: [], blame: [] }));
    assert.equal(silent.verdict, "fail");
  });

  it("is not asked of outputs with other names", async () => {
    const subject = wordSubject({ id2label: { 0: "LABEL_0", 1: "LABEL_1" } });
    await assert.rejects(
      diagnose(subject, { checks: [minimumFunctionality] }),
      /None of the 1 checks applies/u,
    );
  });

  it("stays open, and so fails, where the model answers with no number", async () => {
    const { verdict, found } = await findingOf(minimumFunctionality, breakWords(wordSubject(), ["film"]));
    assert.equal(verdict, "fail");
    assert.match(found, /could not be answered: .*answer to "The film was great\." is not finite/u);
  });
});
