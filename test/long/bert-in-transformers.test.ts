import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { readSafetensors, writeSafetensors } from "../../lib/src/model/safetensors";
import { AutoModelForSequenceClassification } from "../../lib/src/model/auto-model";
import { BertForSequenceClassification } from "../../lib/src/model/sequence-classification";
import { collate } from "../../lib/src/tokenization/collator";
import { ROOT, temporaryFolder } from "../environment/programs";
import { writeTinyBert } from "../lib/tiny-model";
import { withoutStory } from "./clone";
import { clientPython, runPython } from "./python-environment";

const TEXT = { inputIds: [1, 10, 30, 31, 2], tokenTypeIds: [0, 0, 1, 1, 2] };
const id2label = { 0: "1 star", 1: "2 stars", 2: "3 stars", 3: "4 stars", 4: "5 stars" };

/** What bert_client.py prints of a model. */
interface PythonAnswer {
  architecture: string;
  id2label: Record<string, string>;
  missing: string[];
  unexpected: string[];
  logits: number[];
}

function logitsOf(model: ReturnType<typeof AutoModelForSequenceClassification.fromFolder>): number[] {
  const logits = model.logits(collate([TEXT], 0));
  const values = [...logits.dataSync()];
  logits.dispose();
  return values;
}

describe("BERT in lib and in transformers", () => {
  const folder = temporaryFolder();

  it("is saved by each so that the other loads it unchanged, and lacks the same where a checkpoint is bare or old", async () => {
    const saved = path.join(folder, "saved by lib");
    const source = writeTinyBert(path.join(folder, "whole"), { config: { id2label } });
    const model = BertForSequenceClassification.fromFolder(source);
    model.savePretrained(saved);
    const ours = logitsOf(model);
    model.dispose();
    // an encoder alone, as TensorFlow's names were taken over: no prefix, no pooler, gamma and beta
    const bare = writeTinyBert(path.join(folder, "bare"), { withHead: false, config: { id2label } });
    const file = path.join(bare, "model.safetensors");
    const old = [...readSafetensors(file).tensors].map(([name, tensor]) => {
      const short = name.replace(/^bert\./, "").replace("LayerNorm.weight", "LayerNorm.gamma");
      return [short.replace("LayerNorm.bias", "LayerNorm.beta"), tensor] as const;
    });
    writeSafetensors(file, new Map(old));

    const saveTo = path.join(folder, "saved by transformers");
    const printed = await runPython({
      python: clientPython(),
      args: [path.join(ROOT, "test/long/bert_client.py")],
      input: { folders: [saved, bare], saveTo, ...TEXT },
      env: withoutStory(),
    });
    const [whole, encoder] = JSON.parse(printed.trim().split("\n").at(-1) ?? "") as PythonAnswer[];
    assert.ok(whole && encoder);
    const { logits: theirs, ...what } = whole;
    const nothing: string[] = [];
    assert.deepEqual(what, {
      ...{ architecture: "BertForSequenceClassification", id2label },
      ...{ missing: nothing, unexpected: nothing },
    });
    const back = AutoModelForSequenceClassification.fromFolder(saveTo);
    for (const found of [ours, logitsOf(back)])
      for (const [index, value] of theirs.entries())
        assert.ok(Math.abs((found[index] ?? NaN) - value) < 1e-4, `${found[index]} against ${value}`);
    assert.deepEqual([back.newlyInitialized, back.id2label], [nothing, id2label]);
    back.dispose();
    const begun = AutoModelForSequenceClassification.fromFolder(bare);
    assert.deepEqual([...begun.newlyInitialized].sort(), encoder.missing);
    assert.deepEqual(encoder.unexpected, nothing);
    begun.dispose();
  });
});
