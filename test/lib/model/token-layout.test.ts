import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  headsAtPlaces,
  tokenLayout,
  tokensOnly,
  type TokenLayout,
} from "../../../lib/src/model/token-layout";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { assertGradients } from "./numeric-gradient";

/** Texts of 1, 3 and 2 tokens: 6 tokens at 9 places. */
const batch = collate([{ inputIds: [7] }, { inputIds: [8, 9, 10] }, { inputIds: [0, 11] }], 0);
/** Two heads of one value each. */
const config = { nHeads: 2, dim: 2, vocabSize: 12, maxPositionEmbeddings: 3 };
const numbers = ({ places, positions, ids, firstTokens, tokenAt }: TokenLayout) =>
  Object.fromEntries(
    Object.entries({ places, positions, ids, firstTokens, tokenAt }).map(([name, tensor]) => [
      name,
      [...tensor.dataSync()],
    ]),
  );

describe("the layout of a padded batch", () => {
  it("says where its tokens are, one with the padding's own id too", () => {
    const found = tf.tidy(() => numbers(tokenLayout(batch, config)));
    assert.deepEqual(found, {
      places: [0, 3, 4, 5, 6, 7],
      positions: [0, 0, 1, 2, 0, 1],
      ids: [7, 8, 9, 10, 0, 11],
      firstTokens: [0, 1, 4],
      tokenAt: [0, 0, 0, 1, 2, 3, 4, 5, 0],
    });
  });

  it("has the same sizes for batches of like lengths where XLA is to compile them", () => {
    const sizes = (lengths: number[]): unknown =>
      tf.tidy(() => {
        const features = lengths.map((length) => ({ inputIds: Array.from({ length }, (_, at) => at) }));
        const layout = tokenLayout(
          collate(features, 0),
          { ...config, vocabSize: 100, maxPositionEmbeddings: 20 },
          { fewSizes: true },
        );
        return Object.entries(layout).map(([name, { shape }]: [string, Tensor]) => [name, shape]);
      });
    assert.deepEqual(sizes([3, 16]), sizes([10, 9]));
    // no longer than the positions reach
    assert.deepEqual(sizes([17, 3]), sizes([20, 20]));
    assert.notDeepEqual(sizes([16, 3]), sizes([17, 3]));
  });

  it("takes tokens to their places and back", () => {
    tf.tidy(() => {
      const layout = tokenLayout(batch, config);
      const tokens = tf.reshape(tf.range(0, 12), [6, 2]);
      const padded = headsAtPlaces(tokens, layout);
      assert.deepEqual(padded.shape, [3, 3, 2, 1]);
      assert.deepEqual(tokensOnly(padded, layout).arraySync(), tokens.arraySync());
    });
  });

  it("has the gradients that differences give, where nobody reads the padding", () => {
    tf.tidy(() => {
      const layout = tokenLayout(batch, config);
      assertGradients((padded) => tokensOnly(padded, layout), [{ shape: [3, 3, 2, 1] }]);
      const mask = tf.reshape(tf.tensor1d(batch.attentionMask), [3, 3, 1, 1]);
      assertGradients(
        (tokens) => tf.mul(tf.square(headsAtPlaces(tokens, layout)), mask),
        [{ shape: [6, 2] }],
      );
    });
  });
});
