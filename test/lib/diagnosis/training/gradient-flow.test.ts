import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { gradientFlow } from "../../../../lib/src/diagnosis/training/gradient-flow";
import { batchGradients, byLayer } from "../../../../lib/src/diagnosis/training/gradient-norms";
import { BertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import { tinyFeatures, TINY_BERT } from "../../tiny-model";
import { tensorCounts } from "../../training/tiny-run";
import { alternating, ask, setOf } from "../data/odd-sets";
import { answersClearlyOf, beginning, changing, outputsOf } from "./tiny-subject";

const train = setOf(alternating(20, 20));
const scaled = (names: RegExp, factor: number) =>
  ask(gradientFlow, beginning(train, { change: changing(names, (values) => tf.mul(values, factor)) }));

describe("gradient-flow", () => {
  it("passes a model whose layers all learn, and says how much each hears", async () => {
    const { verdict, found, numbers, evidence } = await ask(gradientFlow, beginning(train));
    assert.equal(verdict, "pass", found);
    // all but the biases of two layers' keys
    assert.equal(numbers?.["parameters"], 38);
    assert.equal(numbers["dead"], 0);
    assert.ok(evidence?.length === 1 && evidence[0]?.kind === "table");
    assert.deepEqual(
      evidence[0].rows.map(([layer]) => layer),
      ["embeddings", "layer 0", "layer 1", "pre_classifier", "classifier"],
    );
  });

  it("fails a head that lets nothing pass, and names what hears nothing", async () => {
    const { verdict, found, numbers } = await scaled(/^classifier\.weight$/u, 0);
    assert.equal(verdict, "fail");
    assert.match(
      found,
      /^The gradient is nothing in 36 parameters of 38: embeddings\.word_embeddings\.weight, .* and 33 more/u,
    );
    assert.equal(numbers?.["dead"], 36);
  });

  it("warns of a layer that hears next to nothing", async () => {
    const { verdict, numbers, evidence } = await scaled(/layer\.1\.attention\.out_lin\.weight$/u, 1e-6);
    assert.ok(verdict === "warn" || verdict === "fail");
    assert.ok((numbers?.["faint"] ?? 0) > 0);
    const chart = evidence?.[1];
    assert.ok(chart?.kind === "chart");
    assert.match(chart.title, /^Gradients go from .* a value \(layer 1\) to /u);
  });

  it("warns of large gradients and fails huge ones", async () => {
    const found = [];
    for (const factor of [1, 100, 50_000])
      found.push((await scaled(/^classifier\.weight$/u, factor)).verdict);
    assert.deepEqual(found, ["pass", "warn", "fail"]);
  });

  it("fails gradients that are no numbers", async () => {
    const { verdict, found } = await scaled(/layer\.0\.ffn\.lin1\.bias$/u, NaN);
    assert.equal(verdict, "fail");
    assert.match(found, /no finite number in 38 of 38 parameters/u);
  });

  it("frees all that it made", async () => {
    const before = tensorCounts();
    await ask(gradientFlow, beginning(train));
    assert.deepEqual(tensorCounts(), before);
  });

  answersClearlyOf(gradientFlow, (set) => beginning(set, { id2label: outputsOf(set) }));
});

describe("gradients by layer", () => {
  it("are BERT's too, without its keys' biases, and add up to the norm of all", () => {
    const model = BertForSequenceClassification.fromConfig({ ...TINY_BERT, numHiddenLayers: 2 });
    const { parameters } = batchGradients({ model, features: tinyFeatures(6), padTokenId: 0 });
    const layers = byLayer(parameters);
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      ["embeddings", "layer 0", "layer 1", "bert.pooler.dense", "classifier"],
    );
    assert.equal(parameters.length, model.variables.size - 2);
    const squares = parameters.map(({ norm }) => norm ** 2).reduce((sum, square) => sum + square, 0);
    assert.ok(Math.abs(Math.hypot(...layers.map(({ norm }) => norm)) - Math.sqrt(squares)) < 1e-9);
    model.dispose();
  });
});
