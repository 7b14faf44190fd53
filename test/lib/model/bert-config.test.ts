import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readBertConfig, writeBertConfig } from "../../../lib/src/model/bert-config";
import { ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { TINY_BERT } from "../tiny-model";

const folder = temporaryFolder();
writeBertConfig(folder, TINY_BERT, "BertForSequenceClassification");
const whole = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8")) as Record<string, unknown>;

/** A folder whose config.json is the tiny model's with changes; `undefined` takes a key out. */
function folderWith(changes: Record<string, unknown>): string {
  const changed = path.join(folder, "changed");
  mkdirSync(changed, { recursive: true });
  writeFileSync(path.join(changed, "config.json"), JSON.stringify({ ...whole, ...changes }));
  return changed;
}

const refused = (changes: Record<string, unknown>, said: string) => {
  assert.throws(
    () => readBertConfig(folderWith(changes)),
    new ModelError(`.../changed/config.json ${said}.`),
  );
};

describe("a BERT's config", () => {
  it("comes back as it was written", () => {
    const config = { ...TINY_BERT, hiddenDropoutProb: 0, classifierDropout: 0.25, padTokenId: 3 };
    const to = path.join(folder, "written");
    mkdirSync(to);
    writeBertConfig(to, config, "BertForSequenceClassification");
    assert.deepEqual(readBertConfig(to), config);
    assert.deepEqual(readBertConfig(folder), TINY_BERT);
  });

  it("has transformers' keys, and a classifier dropout that may be left to the hidden one", () => {
    assert.deepEqual(
      [whole["architectures"], whole["model_type"], whole["num_hidden_layers"], whole["classifier_dropout"]],
      [["BertForSequenceClassification"], "bert", 1, null],
    );
  });

  it("takes transformers' defaults for what it may lack", () => {
    const lacking = [
      ...["hidden_act", "layer_norm_eps", "problem_type", "id2label", "label2id", "initializer_range"],
      ...["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "pad_token_id"],
      ...["max_position_embeddings", "type_vocab_size"],
    ];
    const read = readBertConfig(folderWith(Object.fromEntries(lacking.map((key) => [key, undefined]))));
    assert.deepEqual(read, { ...TINY_BERT, maxPositionEmbeddings: 512, typeVocabSize: 2 });
  });

  it("of another architecture, or of a BERT with parts that lib does not have, is refused", () => {
    refused({ model_type: "distilbert" }, 'describes a "distilbert" model; expected model_type "bert"');
    refused({ hidden_act: "relu" }, 'has hidden_act: "relu"; expected "gelu"');
    refused({ layer_norm_eps: 1e-5 }, "has layer_norm_eps: 0.00001; expected 1e-12");
    refused(
      { position_embedding_type: "relative_key" },
      'has position_embedding_type: "relative_key"; expected "absolute"',
    );
    refused({ is_decoder: true }, "has is_decoder: true; expected false");
    refused({ num_attention_heads: 3 }, "has hidden_size 8, which its num_attention_heads 3 do not divide");
  });

  it("without a size, or with a rate that is none, is refused", () => {
    const sizes = [
      "vocab_size",
      "hidden_size",
      "num_hidden_layers",
      "num_attention_heads",
      "intermediate_size",
    ];
    for (const key of sizes)
      refused({ [key]: undefined }, `has ${key}: undefined; expected a whole number above 0`);
    for (const key of ["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"])
      refused({ [key]: 1 }, `has ${key}: 1; expected a number from 0 to below 1`);
  });
});
