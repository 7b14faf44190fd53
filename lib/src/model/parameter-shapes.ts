import type { DistilBertConfig } from "./config";

/** Shape of every parameter of DistilBertForSequenceClassification, by transformers' names, in its order. */
export function parameterShapes(config: DistilBertConfig): Map<string, number[]> {
  const { dim, hiddenDim, vocabSize, maxPositionEmbeddings, nLayers, id2label } = config;
  const shapes = new Map<string, number[]>();
  const dense = (name: string, outputs: number, inputs: number): void => {
    shapes.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  };
  const norm = (name: string): void => {
    shapes.set(`${name}.weight`, [dim]).set(`${name}.bias`, [dim]);
  };
  shapes.set("distilbert.embeddings.word_embeddings.weight", [vocabSize, dim]);
  shapes.set("distilbert.embeddings.position_embeddings.weight", [maxPositionEmbeddings, dim]);
  norm("distilbert.embeddings.LayerNorm");
  for (let layer = 0; layer < nLayers; layer += 1) {
    const prefix = `distilbert.transformer.layer.${layer}`;
    for (const part of ["q_lin", "k_lin", "v_lin", "out_lin"]) dense(`${prefix}.attention.${part}`, dim, dim);
    norm(`${prefix}.sa_layer_norm`);
    dense(`${prefix}.ffn.lin1`, hiddenDim, dim);
    dense(`${prefix}.ffn.lin2`, dim, hiddenDim);
    norm(`${prefix}.output_layer_norm`);
  }
  dense("pre_classifier", dim, dim);
  dense("classifier", Object.keys(id2label).length, dim);
  return shapes;
}

/** Parameters of the head, which a bare encoder lacks and fine-tuning starts from random values. */
export function isHeadParameter(name: string): boolean {
  return name.startsWith("pre_classifier.") || name.startsWith("classifier.");
}
