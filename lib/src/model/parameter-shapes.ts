import { BERT_LAYER } from "./bert";
import type { BertConfig } from "./bert-config";
import type { DistilBertConfig } from "./config";
import { DISTILBERT_LAYER } from "./distilbert";
import type { LayerNames } from "./transformer-layer";

/** Shape of every parameter of DistilBertForSequenceClassification, by transformers' names, in its order. */
export function parameterShapes(config: DistilBertConfig): Map<string, number[]> {
  const { dim, hiddenDim, vocabSize, maxPositionEmbeddings, nLayers, id2label } = config;
  const shapes = new Shapes({ dim, hiddenDim });
  shapes.table("distilbert.embeddings.word_embeddings", vocabSize);
  shapes.table("distilbert.embeddings.position_embeddings", maxPositionEmbeddings);
  shapes.norm("distilbert.embeddings.LayerNorm");
  for (let layer = 0; layer < nLayers; layer += 1)
    shapes.layer(`distilbert.transformer.layer.${layer}`, DISTILBERT_LAYER);
  shapes.dense("pre_classifier", dim, dim);
  shapes.dense("classifier", Object.keys(id2label).length, dim);
  return shapes.all;
}

/** Shape of every parameter of BertForSequenceClassification, by transformers' names, in its order. */
export function bertParameterShapes(config: BertConfig): Map<string, number[]> {
  const { hiddenSize: dim, intermediateSize: hiddenDim, numHiddenLayers, id2label } = config;
  const shapes = new Shapes({ dim, hiddenDim });
  shapes.table("bert.embeddings.word_embeddings", config.vocabSize);
  shapes.table("bert.embeddings.position_embeddings", config.maxPositionEmbeddings);
  shapes.table("bert.embeddings.token_type_embeddings", config.typeVocabSize);
  shapes.norm("bert.embeddings.LayerNorm");
  for (let layer = 0; layer < numHiddenLayers; layer += 1)
    shapes.layer(`bert.encoder.layer.${layer}`, BERT_LAYER);
  shapes.dense("bert.pooler.dense", dim, dim);
  shapes.dense("classifier", Object.keys(id2label).length, dim);
  return shapes.all;
}

/**
 * Parameters of the head, which a bare encoder lacks and fine-tuning starts from random values. BERT's pooler is one of them:
 * an encoder that was trained to predict words has none.
 */
export function isHeadParameter(name: string): boolean {
  return /^(pre_classifier|classifier|bert\.pooler\.dense)\./.test(name);
}

/** Gathers shapes by name. */
class Shapes {
  readonly all = new Map<string, number[]>();

  constructor(private readonly widths: { dim: number; hiddenDim: number }) {}

  table(name: string, entries: number): void {
    this.all.set(`${name}.weight`, [entries, this.widths.dim]);
  }

  dense(name: string, outputs: number, inputs: number): void {
    this.all.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  }

  norm(name: string): void {
    const { dim } = this.widths;
    this.all.set(`${name}.weight`, [dim]).set(`${name}.bias`, [dim]);
  }

  layer(prefix: string, names: LayerNames): void {
    const { dim, hiddenDim } = this.widths;
    for (const part of [names.query, names.key, names.value, names.attentionOutput])
      this.dense(`${prefix}.${part}`, dim, dim);
    this.norm(`${prefix}.${names.attentionNorm}`);
    this.dense(`${prefix}.${names.intermediate}`, hiddenDim, dim);
    this.dense(`${prefix}.${names.output}`, dim, hiddenDim);
    this.norm(`${prefix}.${names.outputNorm}`);
  }
}
