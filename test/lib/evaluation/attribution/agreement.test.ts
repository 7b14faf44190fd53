import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { embeddingPath, pathShares } from "../../../../lib/src/evaluation/attribution/embedding-path";
import { gaussLegendre } from "../../../../lib/src/evaluation/attribution/gauss-legendre";
import { integratedGradients } from "../../../../lib/src/evaluation/attribution/integrated-gradients";
import { leaveOneOut } from "../../../../lib/src/evaluation/attribution/leave-one-out";
import { AutoModelForSequenceClassification } from "../../../../lib/src/model/auto-model";
import { withoutFusedOperations } from "../../../../lib/src/model/fused-operations";
import type { SequenceClassificationModel } from "../../../../lib/src/model/sequence-classification-model";
import { DOWNLOADS, REPOSITORY } from "../../../../lib/src/runtime/repository";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import { agreement, setFixtureHead, writeAgreementModel } from "../../model/agreement-fixture";
import { temporaryFolder } from "../../temporary-folder";

/** What captum computed for one text. */
interface Attributed {
  inputIds: number[];
  target: number;
  steps: number;
  baselineTokenId: number;
  attributions: number[];
  delta: number;
  start: number;
  end: number;
}

/** What transformers says of a text without each of its words. */
interface LeftOut {
  text: string;
  label: number;
  probability: number;
  words: string[];
  weights: number[];
}

/** See test/fixtures/make_attribution_fixtures.py. */
const fixture = JSON.parse(
  readFileSync(path.join(REPOSITORY, "test/fixtures/attributions.json"), "utf8"),
) as Record<"distilbert" | "bert" | "encoder", Attributed[]> & { leftOut: LeftOut[] };

const folder = temporaryFolder();
const load = (from: string): SequenceClassificationModel =>
  AutoModelForSequenceClassification.fromFolder(from);
const encoder = load(path.join(DOWNLOADS, "encoder"));
setFixtureHead(encoder);
const models = {
  distilbert: load(writeAgreementModel(path.join(folder, "distilbert"), agreement.distilbert)),
  bert: load(writeAgreementModel(path.join(folder, "bert"), agreement.bert)),
  encoder,
};
const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
after(() => {
  for (const model of Object.values(models)) model.dispose();
});

/** Relative to the largest of the expected values: small ones are differences of large ones. */
function assertClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(found.length, expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [at, value] of expected.entries())
    assert.ok(
      Math.abs((found[at] ?? NaN) - value) <= tolerance * largest,
      `value ${at}: ${found[at]} against ${value}`,
    );
}

function givenOf({ target, steps, baselineTokenId }: Attributed, at: number) {
  const text = fixture.leftOut[at % 2]?.text ?? "";
  const baseline = baselineTokenId === 0 ? ("[PAD]" as const) : ("[MASK]" as const);
  return { model: encoder, tokenizer, text, label: `LABEL_${target}`, steps, baseline };
}

function baselineIds({ inputIds, baselineTokenId }: Attributed): number[] {
  return inputIds.map((id, at) => (at === 0 || at === inputIds.length - 1 ? id : baselineTokenId));
}

describe("integrated gradients in lib and in captum", () => {
  for (const name of ["distilbert", "bert"] as const)
    for (const expected of fixture[name])
      it(`have the same attributions to 1e-4: ${name}, ${expected.inputIds.length} tokens, ${expected.steps} step(s)`, async () => {
        const { inputIds, target, steps } = expected;
        const given = { model: models[name], inputIds, baselineIds: baselineIds(expected), target, steps };
        assertClose(await embeddingPath(given), expected.attributions, 1e-4);
      });

  it("are the same in TensorFlow's own operations, as on a GPU", () => {
    const [expected] = fixture.bert;
    assert.ok(expected);
    const { inputIds, target, steps } = expected;
    const given = { model: models.bert, inputIds, baselineIds: baselineIds(expected), target };
    const found = withoutFusedOperations(() => pathShares(given, gaussLegendre(steps)));
    assertClose([...found], expected.attributions, 1e-4);
  });

  for (const [at, expected] of fixture.encoder.entries())
    it(`have the same attributions, logits at both ends and convergence delta: the encoder, text ${at}`, async () => {
      const { completeness, tokens } = await integratedGradients({ ...givenOf(expected, at), words: false });
      assertClose(
        tokens.map(({ weight }) => weight),
        expected.attributions.slice(1, -1),
        1e-4,
      );
      const { start, end, delta } = completeness ?? {};
      assertClose([start ?? NaN, end ?? NaN], [expected.start, expected.end], 1e-4);
      assert.ok(Math.abs((delta ?? NaN) - expected.delta) < 1e-5, `${delta} against ${expected.delta}`);
    });

  it("add word pieces up to words", async () => {
    const [, , expected] = fixture.encoder;
    assert.ok(expected);
    const given = givenOf(expected, 2);
    const { tokens } = await integratedGradients(given);
    assert.deepEqual(
      tokens.map(({ text }) => text),
      given.text.split(" "),
    );
    // [CLS] boring | movie , | waste | of | time . [SEP]
    const { attributions } = expected;
    const sums = [[1], [2, 3], [4], [5], [6, 7]].map((pieces) =>
      pieces.reduce((sum, piece) => sum + (attributions[piece] ?? NaN), 0),
    );
    assertClose(
      tokens.map(({ weight }) => weight),
      sums,
      1e-4,
    );
  });
});

describe("leave-one-out in lib and in transformers", () => {
  for (const expected of fixture.leftOut)
    it(`is the same to 1e-5: ${expected.text}`, async () => {
      const found = await leaveOneOut({ model: encoder, tokenizer, text: expected.text });
      assert.equal(found.label, `LABEL_${expected.label}`);
      assert.ok(Math.abs(found.probability - expected.probability) < 1e-5);
      assert.deepEqual(
        found.tokens.map(({ text }) => text),
        expected.words,
      );
      for (const [at, { weight }] of found.tokens.entries())
        assert.ok(Math.abs(weight - (expected.weights[at] ?? NaN)) < 1e-5, `${at}: ${weight}`);
    });
});

describe("memory", () => {
  it("holds no tensor more after either", async () => {
    const text = fixture.leftOut[0]?.text ?? "";
    const given = { model: encoder, tokenizer, text };
    await leaveOneOut(given);
    const before = tf.memory().numTensors;
    await leaveOneOut(given);
    await integratedGradients({ ...given, steps: 2 });
    assert.equal(tf.memory().numTensors, before);
  });
});
