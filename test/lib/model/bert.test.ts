import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { bertLayout, bertLogits } from "../../../lib/src/model/bert";
import { Dropout, dropoutSeed } from "../../../lib/src/model/dropout";
import { withoutFusedOperations, type DropSite } from "../../../lib/src/model/fused-operations";
import { BertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate, type Feature } from "../../../lib/src/tokenization/collator";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyBert } from "../tiny-model";

const model = BertForSequenceClassification.fromFolder(writeTinyBert(path.join(temporaryFolder(), "bert")));
after(() => {
  model.dispose();
});

/** Logits, with dropout where a seed is given. */
function logitsOf(features: Feature[], seed?: number, config = model.config): number[][] {
  return tf.tidy(() => {
    const dropout = seed === undefined ? undefined : new Dropout(dropoutSeed(seed, 1));
    const layout = bertLayout(collate(features, 0), config);
    const parameters = model.readParameters();
    return bertLogits({ config, parameters, layout, dropout }).arraySync() as number[][];
  });
}

const texts: Feature[] = [
  { inputIds: [1, 10, 30, 31, 2], tokenTypeIds: [0, 0, 1, 1, 2] },
  { inputIds: [1, 20, 2], tokenTypeIds: [0, 1, 1] },
  { inputIds: [1] },
  { inputIds: [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 2] },
];

describe("BERT", () => {
  it("says of a text in a padded batch what it says of the text alone, token types included", () => {
    const together = logitsOf(texts);
    for (const [row, text] of texts.entries())
      for (const [label, alone] of (logitsOf([text])[0] ?? []).entries()) {
        const padded = together[row]?.[label] ?? NaN;
        assert.ok(Math.abs(padded - alone) < 1e-5, `text ${row}: ${padded} in the batch, ${alone} alone`);
      }
  });

  it("takes a batch without token types as one of type 0, and says something else of other types", () => {
    const inputIds = [1, 10, 30, 2];
    const [none] = logitsOf([{ inputIds }]);
    assert.deepEqual(logitsOf([{ inputIds, tokenTypeIds: [0, 0, 0, 0] }])[0], none);
    assert.notDeepEqual(logitsOf([{ inputIds, tokenTypeIds: [0, 0, 1, 1] }])[0], none);
  });

  it("refuses a token type that it does not have", () => {
    for (const type of [3, -1])
      assert.throws(
        () => logitsOf([{ inputIds: [1, 2], tokenTypeIds: [0, type] }]),
        new ArgumentError(
          `The batch has the token type ${type}; the model has 0 to 2: is this its tokenizer?`,
        ),
      );
  });

  it("with dropout is the same for the same seed, another for another, and none without", () => {
    assert.deepEqual(logitsOf(texts, 1), logitsOf(texts, 1));
    assert.notDeepEqual(logitsOf(texts, 1), logitsOf(texts, 2));
    assert.notDeepEqual(logitsOf(texts, 1), logitsOf(texts));
  });

  it("drops where transformers does: embeddings, attention, what attention and feed-forward add, the pooled", () => {
    const rates: number[] = [];
    class Noted extends Dropout {
      override site(rate: number): DropSite {
        rates.push(rate);
        return super.site(rate);
      }

      override mask(tensor: Tensor, rate: number): Tensor {
        rates.push(rate);
        return super.mask(tensor, rate);
      }
    }
    const config = { ...model.config, attentionProbsDropoutProb: 0.2, classifierDropout: 0.3 };
    const forward = (): void => {
      tf.tidy(() => {
        const dropout = new Noted(dropoutSeed(1, 1));
        const layout = bertLayout(collate(texts, 0), config);
        bertLogits({ config, parameters: model.readParameters(), layout, dropout });
      });
    };
    forward();
    assert.deepEqual(rates.splice(0), [0.1, 0.2, 0.1, 0.1, 0.3]);
    withoutFusedOperations(forward);
    assert.deepEqual(rates, [0.1, 0.2, 0.1, 0.1, 0.3]);
  });

  it("drops before the classifier at the hidden rate unless the config has a rate for it", () => {
    const calm = { ...model.config, hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
    assert.deepEqual(logitsOf(texts, 1, calm), logitsOf(texts));
    assert.notDeepEqual(logitsOf(texts, 1, { ...calm, classifierDropout: 0.5 }), logitsOf(texts));
    // each rate has an effect of its own
    for (const name of ["hiddenDropoutProb", "attentionProbsDropoutProb"] as const)
      assert.notDeepEqual(
        logitsOf(texts, 1, { ...calm, classifierDropout: 0, [name]: 0.5 }),
        logitsOf(texts),
      );
  });
});
