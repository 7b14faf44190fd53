import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bertParameterShapes, parameterShapes } from "../../../lib/src/model/parameter-shapes";
import { TINY, TINY_BERT } from "../tiny-model";

const countOf = (shapes: Map<string, number[]>): number =>
  [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);

/** Sizes that distilbert-base-uncased and bert-base-uncased share. */
const base = { vocabSize: 30_522, maxPositionEmbeddings: 512 };

describe("the parameters of a base model with two labels", () => {
  it("are as many as transformers counts (num_parameters)", () => {
    const distilbert = { ...TINY, ...base, nLayers: 6, nHeads: 12, dim: 768, hiddenDim: 3072 };
    assert.equal(countOf(parameterShapes(distilbert)), 66_955_010);
    const sizes = { numHiddenLayers: 12, numAttentionHeads: 12, hiddenSize: 768, intermediateSize: 3072 };
    const bert = { ...TINY_BERT, ...base, ...sizes, typeVocabSize: 2 };
    assert.equal(countOf(bertParameterShapes(bert)), 109_483_778);
  });
});
