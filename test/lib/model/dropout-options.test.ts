import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { readConfig } from "../../../lib/src/model/config";
import {
  DistilBertForSequenceClassification,
  type FromPretrainedOptions,
} from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { TINY, writeTinyModel } from "../tiny-model";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const NAMES = ["dropout", "attentionDropout", "seqClassifDropout"] as const;

/** The config of a model that was loaded with these options, and of the folder that it is saved to. */
async function configs(options: FromPretrainedOptions) {
  const model = await DistilBertForSequenceClassification.fromPretrained(source, options);
  const saved = path.join(folder, "saved");
  model.savePretrained(saved);
  model.dispose();
  return [model.config, readConfig(saved)];
}

describe("dropout rates given to fromPretrained", () => {
  it("replace the config's, each its own, and are saved", async () => {
    for (const name of NAMES)
      for (const rate of [0, 0.5])
        for (const config of await configs({ [name]: rate }))
          assert.deepEqual(config, { ...TINY, [name]: rate });
    for (const config of await configs({ dropout: 0, attentionDropout: 0.25, seqClassifDropout: 0 }))
      assert.deepEqual(
        NAMES.map((name) => config[name]),
        [0, 0.25, 0],
      );
  });

  it("that are none are refused", async () => {
    for (const name of NAMES)
      for (const rate of [1, -0.1, NaN])
        await assert.rejects(
          configs({ [name]: rate }),
          new ArgumentError(`${name} is ${rate}; expected a number from 0 to below 1.`),
        );
  });
});
