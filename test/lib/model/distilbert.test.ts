import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { distilBertLogits } from "../../../lib/src/model/distilbert";
import { Dropout, dropoutSeed } from "../../../lib/src/model/dropout";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { tokenLayout } from "../../../lib/src/model/token-layout";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const folder = temporaryFolder();

for (const nLayers of [1, 2])
  describe(`DistilBERT of ${nLayers} layers`, () => {
    const model = DistilBertForSequenceClassification.fromFolder(
      writeTinyModel(path.join(folder, `${nLayers}`), { config: { nLayers } }),
    );
    const { config } = model;
    after(() => {
      model.dispose();
    });

    const logitsOf = (texts: number[][], seed?: number): number[][] =>
      tf.tidy(() => {
        const batch = collate(
          texts.map((inputIds) => ({ inputIds })),
          0,
        );
        const dropout = seed === undefined ? undefined : new Dropout(dropoutSeed(seed, 1));
        const layout = tokenLayout(batch, config);
        const parameters = model.readParameters();
        return distilBertLogits({ config, parameters, layout, dropout }).arraySync() as number[][];
      });

    const texts = [
      [1, 10, 30, 31, 2],
      [1, 20, 2],
      [1],
      [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 2],
    ];

    it("says of a text in a padded batch what it says of the text alone, one token or full length", () => {
      const together = logitsOf(texts);
      for (const [row, text] of texts.entries())
        for (const [label, alone] of (logitsOf([text])[0] ?? []).entries()) {
          const padded = together[row]?.[label] ?? NaN;
          assert.ok(Math.abs(padded - alone) < 1e-5, `text ${row}: ${padded} in the batch, ${alone} alone`);
        }
    });

    it("does not read what stands in the padding", () => {
      const batch = collate(
        texts.map((inputIds) => ({ inputIds })),
        0,
      );
      const other = collate(
        texts.map((inputIds) => ({ inputIds })),
        49,
      );
      const [zeros, words] = [batch, other].map((each) => {
        const logits = model.logits(each);
        const values = logits.dataSync();
        logits.dispose();
        return values;
      });
      assert.deepEqual(words, zeros);
    });

    it("says something else of other words, and of the same words in another order", () => {
      const [one, other, turned] = logitsOf([
        [1, 10, 30, 2],
        [1, 10, 31, 2],
        [1, 30, 10, 2],
      ]);
      assert.notDeepEqual(one, other);
      assert.notDeepEqual(one, turned);
    });

    it("with dropout is the same for the same seed, another for another, and none without", () => {
      assert.deepEqual(logitsOf(texts, 1), logitsOf(texts, 1));
      assert.notDeepEqual(logitsOf(texts, 1), logitsOf(texts, 2));
      assert.notDeepEqual(logitsOf(texts, 1), logitsOf(texts));
      assert.deepEqual(logitsOf(texts), logitsOf(texts));
    });
  });
