import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readConfig, writeConfig } from "../../../lib/src/model/config";
import { label2idOf } from "../../../lib/src/model/config-file";
import { ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { TINY } from "../tiny-model";

const folder = temporaryFolder();
writeConfig(folder, TINY, "DistilBertForSequenceClassification");
const whole = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8")) as Record<string, unknown>;

/** A folder whose config.json is the tiny model's with changes; `undefined` takes a key out. */
function folderWith(changes: Record<string, unknown>): string {
  return folderOf(JSON.stringify({ ...whole, ...changes }));
}

function folderOf(content: string): string {
  const changed = path.join(folder, "changed");
  mkdirSync(changed, { recursive: true });
  writeFileSync(path.join(changed, "config.json"), content);
  return changed;
}

const refused = (from: string, message: string | RegExp) => {
  assert.throws(
    () => readConfig(from),
    (error) => {
      assert.ok(error instanceof ModelError, String(error));
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.ok(!error.message.includes(folder), error.message);
      return true;
    },
  );
};

describe("a model's config", () => {
  it("comes back as it was written", () => {
    const names = { 0: "NEGATIVE", 1: "neutral", 2: "POSITIVE" };
    const config = { ...TINY, dropout: 0, padTokenId: 3, id2label: names, label2id: label2idOf(names) };
    writeConfig(folder, config, "DistilBertForSequenceClassification");
    assert.deepEqual(readConfig(folder), config);
    assert.deepEqual(config.label2id, { NEGATIVE: 0, neutral: 1, POSITIVE: 2 });
  });

  it("has transformers' keys", () => {
    assert.deepEqual(
      [whole["architectures"], whole["model_type"], whole["n_layers"], whole["id2label"], whole["label2id"]],
      [
        ["DistilBertForSequenceClassification"],
        "distilbert",
        1,
        { 0: "LABEL_0", 1: "LABEL_1" },
        { LABEL_0: 0, LABEL_1: 1 },
      ],
    );
  });

  it("takes transformers' defaults for what it may lack", () => {
    const lacking = [
      "dropout",
      "attention_dropout",
      "seq_classif_dropout",
      "initializer_range",
      "id2label",
      "activation",
    ];
    const nothing = Object.fromEntries(lacking.map((key) => [key, undefined]));
    const read = readConfig(
      folderWith({ ...nothing, max_position_embeddings: undefined, pad_token_id: null }),
    );
    assert.deepEqual(read, { ...TINY, maxPositionEmbeddings: 512 });
  });

  it("may say how many labels there are without naming them", () => {
    const { id2label, label2id } = readConfig(
      folderWith({ id2label: undefined, label2id: undefined, num_labels: 3 }),
    );
    assert.deepEqual(id2label, { 0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2" });
    assert.deepEqual(label2id, { LABEL_0: 0, LABEL_1: 1, LABEL_2: 2 });
  });

  it("of a model that does not choose one label of several is refused", () => {
    for (const type of ["regression", "multi_label_classification"])
      refused(
        folderWith({ problem_type: type }),
        `.../changed/config.json has problem_type: "${type}"; expected "single_label_classification".`,
      );
    assert.deepEqual(readConfig(folderWith({ problem_type: null })), TINY);
  });

  it("that is missing, or no JSON object, is refused", () => {
    refused(path.join(folder, "nowhere"), /nowhere\/config\.json does not exist: expected a model folder/);
    refused(folderOf("{"), /config\.json is not JSON/);
    for (const content of ["null", "[]", "3"])
      refused(folderOf(content), /config\.json is not a JSON object/);
  });

  it("of another architecture is refused", () => {
    refused(
      folderWith({ model_type: "bert" }),
      '.../changed/config.json describes a "bert" model; expected model_type "distilbert".',
    );
    refused(folderWith({ model_type: undefined }), /describes a undefined model/);
    refused(folderWith({ activation: "relu" }), /has activation: "relu"; expected "gelu"/);
  });

  it("without a size, or with one that is none, is refused", () => {
    for (const key of ["vocab_size", "n_layers", "n_heads", "dim", "hidden_dim"]) {
      refused(
        folderWith({ [key]: undefined }),
        `.../changed/config.json has ${key}: undefined; expected a whole number above 0.`,
      );
      for (const size of ["8", 0, -8, 2.5, true])
        refused(folderWith({ [key]: size }), new RegExp(`has ${key}: .*; expected a whole number above 0`));
    }
  });

  it("with a rate that is none is refused: a share of 1 would divide by 0", () => {
    for (const key of ["dropout", "attention_dropout", "seq_classif_dropout"])
      for (const rate of [1, -0.1, 1.5, "0.1"])
        refused(
          folderWith({ [key]: rate }),
          new RegExp(`has ${key}: .*; expected a number from 0 to below 1`),
        );
  });

  it("whose heads do not divide its width is refused", () => {
    refused(
      folderWith({ n_heads: 3 }),
      ".../changed/config.json has dim 8, which its n_heads 3 do not divide.",
    );
  });

  it("whose labels are not names by the numbers from 0 is refused", () => {
    for (const id2label of [{}, [], "two", { 1: "a", 2: "b" }, { 0: "a", x: "b" }, { 0: 0, 1: 1 }])
      refused(folderWith({ id2label }), /has id2label: .*; expected names by the numbers from 0/);
  });
});
