import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { collate } from "../../../lib/src/tokenization/collator";

describe("a batch", () => {
  it("is padded to its longest text, and the mask says where", () => {
    const features = [
      { inputIds: [5, 6], label: 1 },
      { inputIds: [7, 8, 9, 10], label: 0 },
      { inputIds: [11], label: 1 },
    ];
    assert.deepEqual(collate(features, 3), {
      batchSize: 3,
      sequenceLength: 4,
      inputIds: Int32Array.of(5, 6, 3, 3, 7, 8, 9, 10, 11, 3, 3, 3),
      attentionMask: Float32Array.of(1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0),
      labels: Int32Array.of(1, 0, 1),
    });
  });

  it("of texts that hold the padding's own id masks none of their tokens", () => {
    assert.deepEqual([...collate([{ inputIds: [0, 5] }, { inputIds: [0] }], 0).attentionMask], [1, 1, 1, 0]);
  });

  it("without labels has none", () => {
    assert.equal(collate([{ inputIds: [5] }], 0).labels.length, 0);
  });

  it("of labelled and unlabelled texts is refused: labels would slip to other texts", () => {
    assert.throws(
      () => collate([{ inputIds: [5] }, { inputIds: [6], label: 1 }], 0),
      new ArgumentError("1 of 2 texts of a batch have a label; expected all or none."),
    );
  });

  it("has token types where a text has any, 0 in padding and for a text without", () => {
    const features = [{ inputIds: [5, 6, 7], tokenTypeIds: [0, 1, 1] }, { inputIds: [8] }];
    assert.deepEqual(collate(features, 3).tokenTypeIds, Int32Array.of(0, 1, 1, 0, 0, 0));
    assert.equal("tokenTypeIds" in collate([{ inputIds: [5] }], 3), false);
    assert.throws(
      () =>
        collate(
          [
            { inputIds: [8], tokenTypeIds: [0] },
            { inputIds: [5, 6], tokenTypeIds: [0] },
          ],
          3,
        ),
      new ArgumentError("Text 1 of a batch has 2 tokens and 1 token types; expected one each."),
    );
  });

  it("of no text, or with an empty one, is refused", () => {
    assert.throws(
      () => collate([], 0),
      new ArgumentError("A batch of 0 texts was asked for; expected at least one."),
    );
    assert.throws(
      () => collate([{ inputIds: [5] }, { inputIds: [] }], 0),
      new ArgumentError("Text 1 of a batch has 0 tokens; expected at least one."),
    );
  });

  it("is padded to a fixed length where one is asked for, and a longer text is refused", () => {
    const features = [{ inputIds: [5, 6] }, { inputIds: [7, 8, 9] }];
    const { sequenceLength, inputIds, attentionMask } = collate(features, 3, { padToLength: 4 });
    assert.equal(sequenceLength, 4);
    assert.deepEqual([...inputIds], [5, 6, 3, 3, 7, 8, 9, 3]);
    assert.deepEqual([...attentionMask], [1, 1, 0, 0, 1, 1, 1, 0]);
    assert.deepEqual(collate(features, 3, { padToLength: 3 }), collate(features, 3));
    assert.throws(
      () => collate(features, 3, { padToLength: 2 }),
      new ArgumentError(
        "Text 1 of a batch has 3 tokens and padToLength is 2: encode with a maxLength of at most that.",
      ),
    );
    for (const padToLength of [0, -1, 2.5, NaN])
      assert.throws(
        () => collate(features, 3, { padToLength }),
        new ArgumentError(`padToLength is ${padToLength}; expected a whole number above 0.`),
      );
  });
});
