import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { integratedGradients } from "../../../../lib/src/evaluation/attribution/integrated-gradients";
import { leaveOneOut } from "../../../../lib/src/evaluation/attribution/leave-one-out";
import {
  TokenWeights,
  type TokenWeightsParams,
} from "../../../../lib/src/evaluation/attribution/token-weights";
import { BertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import { ArgumentError, InterruptedError } from "../../../../lib/src/runtime/errors";
import { setProgressFactory } from "../../../../lib/src/runtime/progress";
import { DOWNLOADS } from "../../../../lib/src/runtime/repository";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../../temporary-folder";
import { writeTinyBert } from "../../tiny-model";

const FLAG = Symbol.for("jupyter.interrupt");
const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
const id2label = { 0: "NEGATIVE", 1: "POSITIVE" };
/** The packaged tokenizer's vocabulary on a tiny model. */
const model = BertForSequenceClassification.fromFolder(
  writeTinyBert(path.join(temporaryFolder(), "model"), {
    config: { vocabSize: 30_522, maxPositionEmbeddings: 12, id2label },
  }),
);
after(() => {
  model.dispose();
});
const given = { model, tokenizer, text: "Not a film that I would see again, let alone twice or thrice" };

describe("explaining a text", () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, FLAG);
  });

  for (const explain of [integratedGradients, leaveOneOut]) {
    it(`reads what fits, says what does not, and prints well: ${explain.name}`, async () => {
      const weights = await explain(given);
      assert.equal(weights.text, "Not a film that I would see again, let");
      assert.equal(weights.unread, 4);
      assert.equal(weights.tokens.map(({ text }) => text).join(" "), weights.text);
      const text = (await weights.toMimeBundle())["text/plain"] as string;
      assert.ok(text.startsWith(weights.finding));
      assert.match(text, /The last 4 words were not read/u);
      const shares = weights.tokens.map((token) => weights.share(token));
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
    });

    it(`explains either label, one against the other where there are two: ${explain.name}`, async () => {
      const [negative, positive] = [
        await explain({ ...given, label: "NEGATIVE" }),
        await explain({ ...given, label: "POSITIVE" }),
      ];
      assert.ok(Math.abs(negative.probability + positive.probability - 1) < 1e-6);
      assert.deepEqual(negative.predicted, positive.predicted);
      const predicted = [negative, positive].find(({ label }) => label === negative.predicted.label);
      assert.deepEqual((await explain(given)).tokens, predicted?.tokens);
    });

    it(`refuses no words, a label that is none, and a length that is none: ${explain.name}`, async () => {
      await assert.rejects(explain({ ...given, text: "  " }), ArgumentError);
      await assert.rejects(explain({ ...given, label: "positiv" }), /the nearest is "POSITIVE"/u);
      for (const maxLength of [2, 13, 3.5])
        await assert.rejects(
          explain({ ...given, maxLength }),
          /expected a whole number from 3 to the model's 12/u,
        );
    });

    it(`stops when the reader interrupts, and leaves no tensor: ${explain.name}`, async () => {
      const before = tf.memory().numTensors;
      Object.defineProperty(globalThis, FLAG, { value: { requested: true }, configurable: true });
      await assert.rejects(explain(given), InterruptedError);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it("stops between two parts of the path too, and says how far it is", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    const before = tf.memory().numTensors;
    const done: number[] = [];
    setProgressFactory(({ label }) => ({
      update: (steps) => {
        if (label !== "Integrated gradients") return;
        done.push(steps);
        flag.requested = true;
      },
      end: () => done.push(NaN),
    }));
    await assert.rejects(integratedGradients({ ...given, steps: 1_000 }), InterruptedError);
    setProgressFactory(undefined);
    assert.deepEqual(done, [170, NaN]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses steps below 1", async () => {
    for (const steps of [0, -1, 1.5, NaN])
      await assert.rejects(integratedGradients({ ...given, steps }), /steps is .*above 0/u);
  });

  it("comes nearer to the whole with more steps", async () => {
    const [few, many] = [
      await integratedGradients({ ...given, steps: 1 }),
      await integratedGradients({ ...given, steps: 100 }),
    ].map(({ completeness }) => Math.abs(completeness?.delta ?? NaN));
    assert.ok((many ?? NaN) < (few ?? NaN) / 10 || (many ?? NaN) < 1e-4, `${many} after ${few}`);
  });

  it("may put a mask in a word's place", async () => {
    const [left, masked] = [await leaveOneOut(given), await leaveOneOut({ ...given, replaceBy: "[MASK]" })];
    assert.equal(left.probability, masked.probability);
    assert.notDeepEqual(left.tokens, masked.tokens);
    const notes = await Promise.all(
      [left, masked].map(async (one) => (await one.toMimeBundle())["text/plain"]),
    );
    assert.deepEqual(
      notes.map((note) => /probability falls (.*)\.$/mu.exec(String(note))?.[1]),
      ["without the word", "with the word masked"],
    );
  });
});

describe("what weights say", () => {
  const said: TokenWeightsParams = {
    ...{ method: "integrated gradients", text: "a b", label: "NEGATIVE", probability: 0.9, unread: 0 },
    tokens: [
      { text: "boring,", weight: 3 },
      { text: "good", weight: -1 },
      { text: "waste!", weight: 2 },
    ],
    predicted: { label: "NEGATIVE", score: 0.9 },
    withoutWords: { label: "POSITIVE", score: 0.6, probability: 0.4 },
  };
  const finding = (changed: Partial<TokenWeightsParams>) => new TokenWeights({ ...said, ...changed }).finding;
  const spread = Array.from({ length: 20 }, (_, at) => ({ text: `w${at}`, weight: 1 }));

  it("is the few words that carry half of the weight", () => {
    assert.equal(finding({}), "NEGATIVE (0.900) because of “boring”: 50% of the weight");
    const tokens = said.tokens.map((token, at) => (at === 1 ? { ...token, weight: -2 } : token));
    assert.equal(
      finding({ tokens }),
      "NEGATIVE (0.900) because of “boring” and “waste”: together 71% of the weight",
    );
    assert.match(finding({ tokens: spread }), /many words: the strongest, “w0”, “w1” and “w2”, have 15%/u);
  });

  it("is that the words speak against a label that is there all the same", () => {
    const tokens = [
      { text: "a", weight: 0.2 },
      { text: "b", weight: -3 },
    ];
    assert.equal(
      finding({ probability: 0.6, tokens }),
      "NEGATIVE (0.600) although its words together speak against it; most for it speaks “a”",
    );
    const even = [0.1, 0.2, -0.3].map((weight, at) => ({ text: `w${at}`, weight }));
    assert.match(finding({ tokens: even }), /because of “w1” and “w0”: together 50% of the weight$/u);
  });

  it("is that words do not matter where the label is there without them", () => {
    assert.equal(
      finding({ withoutWords: { label: "NEGATIVE", score: 0.85, probability: 0.85 } }),
      "NEGATIVE (0.900) has little to do with the words: without any it is NEGATIVE too (0.850)",
    );
  });

  it("is what the model says instead, of another label than its own or without a word", () => {
    assert.equal(
      finding({ predicted: { label: "POSITIVE", score: 0.8 }, probability: 0.2 }),
      "The model says POSITIVE, not NEGATIVE (0.200); most for NEGATIVE speaks “boring”",
    );
    const without = { label: "POSITIVE", score: 0.7 };
    const tokens = [
      { text: "boring", weight: 0.6, without },
      ...spread.map((one) => ({ ...one, weight: 0 })),
    ];
    assert.equal(
      finding({ method: "leave-one-out", tokens }),
      "NEGATIVE (0.900) hangs on “boring”: without it the model says POSITIVE (0.700)",
    );
    const other = { label: "NEUTRAL", score: 0.5 };
    const third = [
      { text: "strongest", weight: 0.3, without: { label: "NEGATIVE", score: 0.6 } },
      { text: "second", weight: 0.2, without: other },
      { text: "third", weight: -0.1, without: other },
    ];
    assert.equal(
      finding({ method: "leave-one-out", tokens: third, replacedBy: "[MASK]" }),
      "NEGATIVE (0.900) hangs on “second”: with it masked the model says NEUTRAL (0.500)",
    );
    const still = [{ text: "boring", weight: 0.1, without: { label: "NEGATIVE", score: 0.8 } }];
    assert.match(
      finding({ method: "leave-one-out", tokens: still }),
      /hangs on no single word: .* still 0\.800$/u,
    );
  });

  it("stays a sentence without any weight, and shortens an endless word", () => {
    assert.equal(
      finding({ tokens: [{ text: "a", weight: 0 }] }),
      "NEGATIVE (0.900) although no word speaks for it",
    );
    assert.match(finding({ tokens: [{ text: "x".repeat(500), weight: 1 }] }), /^.{30,80}$/u);
  });
});
