import { mkdirSync } from "node:fs";
import path from "node:path";
import { writeConfig, type DistilBertConfig } from "../../lib/src/model/config";
import { DEFAULT_ID2LABEL, label2idOf } from "../../lib/src/model/config-file";
import { isHeadParameter, parameterShapes } from "../../lib/src/model/parameter-shapes";
import { writeSafetensors, type HostTensor } from "../../lib/src/model/safetensors";
import { normalValues, seededRandom } from "../../lib/src/runtime/random";
import type { Feature } from "../../lib/src/tokenization/collator";

/** A DistilBERT small enough to train in milliseconds. */
export const TINY: DistilBertConfig = {
  ...{ vocabSize: 50, maxPositionEmbeddings: 16, nLayers: 1, nHeads: 2, dim: 8, hiddenDim: 16 },
  ...{ dropout: 0.1, attentionDropout: 0.1, seqClassifDropout: 0.2, initializerRange: 0.02, padTokenId: 0 },
  ...{ id2label: DEFAULT_ID2LABEL, label2id: label2idOf(DEFAULT_ID2LABEL) },
};

/** Writes a tiny DistilBERT with random weights as transformers lays it out, with a head or as a bare encoder. */
export function writeTinyModel(
  folder: string,
  options: { seed?: number; withHead?: boolean; config?: Partial<DistilBertConfig> } = {},
): string {
  const { seed = 1, withHead = true } = options;
  const config = { ...TINY, ...options.config };
  const random = seededRandom(seed);
  const tensors = new Map<string, HostTensor>();
  for (const [name, shape] of parameterShapes(config)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = normalValues({ count, std: 0.3, random });
    // a layer norm begins at 1
    if (/layer_?norm\.weight$/i.test(name)) data.forEach((value, index) => (data[index] = 1 + value));
    if (withHead || !isHeadParameter(name)) tensors.set(name, { shape, data });
  }
  mkdirSync(folder, { recursive: true });
  writeSafetensors(path.join(folder, "model.safetensors"), tensors);
  writeConfig(folder, config, "DistilBertForSequenceClassification");
  return folder;
}

/** Made-up texts of 3 to 10 tokens for the tiny vocabulary: token 10 stands in those of label 0, token 20 in those of label 1. */
export function tinyFeatures(count: number, seed = 1): Feature[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2;
    const words = Array.from({ length: 1 + Math.floor(random() * 8) }, () => 30 + Math.floor(random() * 20));
    return { inputIds: [1, label === 0 ? 10 : 20, ...words], label };
  });
}
