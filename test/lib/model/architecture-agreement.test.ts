import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { AutoModelForSequenceClassification } from "../../../lib/src/model/auto-model";
import type { SequenceClassificationModel } from "../../../lib/src/model/sequence-classification-model";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { labelledBatch, lossAndGradients } from "../../../lib/src/training/train-step";
import { temporaryFolder } from "../temporary-folder";
import {
  agreement,
  gradientNumbers,
  setFixtureHead,
  writeAgreementModel,
  type AgreementBatch,
} from "./agreement-fixture";

const folder = temporaryFolder();

const MODELS: Record<keyof typeof agreement, { what: string; load: () => SequenceClassificationModel }> = {
  distilbert: {
    what: "a DistilBERT of odd sizes and three labels",
    load: () => load(writeAgreementModel(path.join(folder, "distilbert"), agreement.distilbert)),
  },
  bert: {
    what: "a BERT of odd sizes, three token types and five labels",
    load: () => load(writeAgreementModel(path.join(folder, "bert"), agreement.bert)),
  },
  encoder: {
    what: "the packaged encoder",
    load: () => {
      const model = load(path.join(DOWNLOADS, "encoder"));
      setFixtureHead(model);
      return model;
    },
  },
};

function load(from: string): SequenceClassificationModel {
  return AutoModelForSequenceClassification.fromFolder(from);
}

function batchOf({ inputIds, tokenTypeIds, labels }: AgreementBatch) {
  const features = inputIds.map((ids, row) => ({
    ...{ inputIds: ids, label: labels[row] ?? 0 },
    ...(tokenTypeIds && { tokenTypeIds: tokenTypeIds[row] ?? [] }),
  }));
  return collate(features, 0);
}

function assertNear(params: {
  found: number | undefined;
  expected: number;
  tolerance: number;
  what: string;
}) {
  const { found, expected, tolerance, what } = params;
  assert.ok(Math.abs((found ?? NaN) - expected) <= tolerance, `${what}: ${found} against ${expected}`);
}

for (const [name, { what, load }] of Object.entries(MODELS) as [
  keyof typeof agreement,
  (typeof MODELS)["bert"],
][])
  describe(`${what} in lib and in transformers`, () => {
    const { batches, parameters } = agreement[name];
    let model: SequenceClassificationModel;
    before(() => {
      model = load();
    });
    after(() => {
      model.dispose();
    });

    for (const expected of batches) {
      it(`has the same logits to 1e-4: ${expected.name}`, () => {
        const logits = model.logits(batchOf(expected));
        assert.deepEqual(logits.shape, [expected.logits.length, expected.logits[0]?.length]);
        const found = logits.dataSync();
        logits.dispose();
        for (const [index, value] of expected.logits.flat().entries())
          assertNear({ found: found[index], expected: value, tolerance: 1e-4, what: `logit ${index}` });
      });

      it(`has the same gradient of every parameter, by its norm and random projections: ${expected.name}`, () => {
        const tensors = labelledBatch(batchOf(expected), model);
        const { loss, gradients } = lossAndGradients(model, tensors);
        assertNear({ found: loss.dataSync()[0], expected: expected.loss, tolerance: 1e-4, what: "loss" });
        assert.equal(gradients.length, parameters.length);
        for (const [number, parameter] of parameters.entries()) {
          const [norm = NaN, ...products] = expected.gradients[number] ?? [];
          const values = gradients[number]?.dataSync() ?? [];
          // the gradient of a key's bias is zero by theory, so a relative bound alone would compare noise
          const tolerance = 1e-3 * norm + 1e-6;
          for (const [index, found] of gradientNumbers(number, values, products.length).entries()) {
            const value = [norm, ...products][index] ?? NaN;
            const what = `${parameter}, ${index === 0 ? "norm" : `projection ${index}`}`;
            assertNear({ found, expected: value, tolerance, what });
          }
        }
        tf.dispose([loss, ...gradients, ...Object.values({ ...tensors })]);
      });
    }
  });
