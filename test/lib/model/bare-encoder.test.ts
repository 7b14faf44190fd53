import assert from "node:assert/strict";
import path from "node:path";
import { it } from "node:test";
import { isHeadParameter } from "../../../lib/src/model/parameter-shapes";
import { readSafetensors, writeSafetensors } from "../../../lib/src/model/safetensors";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

it("a DistilBERT encoder that was saved alone, without its prefix, gets a new head", () => {
  const folder = writeTinyModel(path.join(temporaryFolder(), "bare"), { withHead: false });
  const file = path.join(folder, "model.safetensors");
  const { tensors } = readSafetensors(file);
  writeSafetensors(
    file,
    new Map([...tensors].map(([name, tensor]) => [name.slice("distilbert.".length), tensor])),
  );
  const model = DistilBertForSequenceClassification.fromFolder(folder);
  assert.equal(model.newlyInitialized.length, 4);
  assert.ok(model.newlyInitialized.every(isHeadParameter));
  for (const [name, expected] of tensors) {
    const found = model.variables.get(name)?.read();
    assert.ok(found, name);
    assert.deepEqual(found.dataSync(), expected.data, name);
    found.dispose();
  }
  model.dispose();
});
