import { mkdirSync } from "node:fs";
import path from "node:path";
import { writeBertConfig, type BertConfig } from "../../lib/src/model/bert-config";
import { writeConfig, type DistilBertConfig } from "../../lib/src/model/config";
import { DEFAULT_ID2LABEL, label2idOf } from "../../lib/src/model/config-file";
import { bertParameterShapes, isHeadParameter, parameterShapes } from "../../lib/src/model/parameter-shapes";
import { writeSafetensors, type HostTensor } from "../../lib/src/model/safetensors";
import { normalValues, seededRandom } from "../../lib/src/runtime/random";
import type { Feature } from "../../lib/src/tokenization/collator";

/** A DistilBERT small enough to train in milliseconds. */
export const TINY: DistilBertConfig = {
  ...{ vocabSize: 50, maxPositionEmbeddings: 16, nLayers: 1, nHeads: 2, dim: 8, hiddenDim: 16 },
  ...{ dropout: 0.1, attentionDropout: 0.1, seqClassifDropout: 0.2, initializerRange: 0.02, padTokenId: 0 },
  ...{ id2label: DEFAULT_ID2LABEL, label2id: label2idOf(DEFAULT_ID2LABEL) },
};

/** A BERT of the same sizes, with three types of tokens. */
export const TINY_BERT: BertConfig = {
  ...{ vocabSize: 50, maxPositionEmbeddings: 16, typeVocabSize: 3, padTokenId: 0, initializerRange: 0.02 },
  ...{ numHiddenLayers: 1, numAttentionHeads: 2, hiddenSize: 8, intermediateSize: 16 },
  ...{ hiddenDropoutProb: 0.1, attentionProbsDropoutProb: 0.1, classifierDropout: null },
  ...{ id2label: DEFAULT_ID2LABEL, label2id: label2idOf(DEFAULT_ID2LABEL) },
};

/** How a tiny model is made: with a head or as a bare encoder. */
interface TinyOptions<Config> {
  seed?: number;
  withHead?: boolean;
  config?: Partial<Config>;
}

/** Writes a tiny DistilBERT with random weights as transformers lays it out. */
export function writeTinyModel(folder: string, options: TinyOptions<DistilBertConfig> = {}): string {
  const config = { ...TINY, ...options.config };
  writeRandomWeights(folder, parameterShapes(config), options);
  writeConfig(folder, config, "DistilBertForSequenceClassification");
  return folder;
}

/** Writes a tiny BERT with random weights as transformers lays it out; without a head it has no pooler either. */
export function writeTinyBert(folder: string, options: TinyOptions<BertConfig> = {}): string {
  const config = { ...TINY_BERT, ...options.config };
  writeRandomWeights(folder, bertParameterShapes(config), options);
  writeBertConfig(folder, config, "BertForSequenceClassification");
  return folder;
}

function writeRandomWeights(
  folder: string,
  shapes: Map<string, number[]>,
  { seed = 1, withHead = true }: TinyOptions<unknown>,
): void {
  const random = seededRandom(seed);
  const tensors = new Map<string, HostTensor>();
  for (const [name, shape] of shapes) {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = normalValues({ count, std: 0.3, random });
    // a layer norm begins at 1
    if (/layer_?norm\.weight$/i.test(name)) data.forEach((value, index) => (data[index] = 1 + value));
    if (withHead || !isHeadParameter(name)) tensors.set(name, { shape, data });
  }
  mkdirSync(folder, { recursive: true });
  writeSafetensors(path.join(folder, "model.safetensors"), tensors);
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
