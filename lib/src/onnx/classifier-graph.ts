import type { HostTensor } from "../model/safetensors";
import { LAYER_NORM_EPSILON } from "../model/layers";
import type { Architecture } from "./architecture";
import { arithmeticOf, type Arithmetic, type Dtype } from "./arithmetic";
import { ElementType } from "./messages";
import { OnnxGraph, type Value } from "./onnx-graph";

/** Added to the scores of padding, whose weight is then 0 to the last bit. */
const MASKED = -1e9;

/** What a graph is made of. */
interface ClassifierParams {
  architecture: Architecture;
  weights: ReadonlyMap<string, HostTensor>;
  dtype: Dtype;
  /** Is awaited after each layer. */
  onLayer: () => Promise<void>;
}

/**
 * A classifier as an ONNX file: `input_ids` and `attention_mask` (for a BERT `token_type_ids` too), int64 `[batch, sequence]`, to `logits`
 * `[batch, labels]`, with the names that transformers' and optimum's exports have. The same computation as lib's own
 * (transformer-layer.ts), on padded batches.
 */
export async function classifierFile(params: ClassifierParams): Promise<Uint8Array> {
  const { architecture } = params;
  const builder = new ClassifierGraph(params);
  const { graph } = builder;
  const tokens = ["batch", "sequence"];
  const [ids, mask] = ["input_ids", "attention_mask"].map((name) =>
    graph.input(name, ElementType.int64, tokens),
  ) as [Value, Value];
  const types = architecture.hasTokenTypes
    ? graph.input("token_type_ids", ElementType.int64, tokens)
    : undefined;
  const logits = await builder.logits({ ids, mask, types });
  graph.output("logits", logits, ElementType.float, ["batch", architecture.labels]);
  return graph.bytes();
}

/** Writes the operations of an encoder and its head. */
class ClassifierGraph {
  readonly graph = new OnnxGraph();
  readonly #architecture: Architecture;
  readonly #weights: ReadonlyMap<string, HostTensor>;
  readonly #layers: Arithmetic;
  readonly #head: Arithmetic;
  readonly #onLayer: () => Promise<void>;

  constructor({ architecture, weights, dtype, onLayer }: ClassifierParams) {
    this.#architecture = architecture;
    this.#weights = weights;
    this.#layers = arithmeticOf(dtype, this.graph);
    // small, and the last word
    this.#head = arithmeticOf("fp32", this.graph);
    this.#onLayer = onLayer;
  }

  async logits(inputs: { ids: Value; mask: Value; types: Value | undefined }): Promise<Value> {
    const { ids, mask, types } = inputs;
    const { graph } = this;
    const { layers, layer, pooler } = this.#architecture;
    const bias = this.#maskBias(mask);
    let hidden = this.#embed(ids, types); // [batch, sequence, dim]
    for (let index = 0; index < layers; index += 1) {
      hidden = this.#layer({ hidden, bias, prefix: layer(index), firstTokenOnly: index === layers - 1 });
      await this.#onLayer();
    }
    const first = graph.op("Squeeze", [hidden, graph.sizes(1)]); // [batch, dim]
    const pooled = graph.op(pooler.activation, [this.#dense(first, pooler.name, this.#head)]);
    return this.#dense(pooled, "classifier", this.#head);
  }

  /** Word, position and type embeddings, `[batch, sequence, dim]`. */
  #embed(ids: Value, types: Value | undefined): Value {
    const { graph } = this;
    const embeddings = `${this.#architecture.baseModelPrefix}.embeddings`;
    const table = (name: string): string => `${embeddings}.${name}_embeddings.weight`;
    const length = graph.op("Slice", [graph.op("Shape", [ids]), graph.sizes(1), graph.sizes(2)]); // [1]
    const places = graph.op("Slice", [
      ...[this.#constant(table("position")), graph.sizes(0), length, graph.sizes(0)],
    ]); // [sequence, dim]
    const words = this.#layers.lookUp(ids, table("word"), this.#weight(table("word")));
    const typed = types
      ? graph.op("Add", [words, graph.op("Gather", [this.#constant(table("token_type")), types])])
      : words;
    return this.#normalise(graph.op("Add", [typed, places]), `${embeddings}.LayerNorm`);
  }

  /** 0 for tokens and a very low number for padding, `[batch, 1, 1, sequence]`. */
  #maskBias(mask: Value): Value {
    const { graph } = this;
    const tokens = graph.op("Cast", [graph.op("Unsqueeze", [mask, graph.sizes(1, 2)])], {
      to: ElementType.float,
    });
    return graph.op("Mul", [graph.op("Sub", [graph.float(1), tokens]), graph.float(MASKED)]);
  }

  /** One layer: `[batch, sequence, dim]`, or `[batch, 1, dim]` where only the first tokens are wanted. */
  #layer(params: { hidden: Value; bias: Value; prefix: string; firstTokenOnly: boolean }): Value {
    const { graph } = this;
    const { hidden, prefix, firstTokenOnly } = params;
    const { layerNames: names } = this.#architecture;
    // nobody reads the others' last states
    const wanted = firstTokenOnly
      ? graph.op("Slice", [hidden, graph.sizes(0), graph.sizes(1), graph.sizes(1)])
      : hidden;
    const attention = this.#attention({ ...params, wanted });
    const attended = this.#normalise(
      graph.op("Add", [attention, wanted]),
      `${prefix}.${names.attentionNorm}`,
    );
    const inner = this.#gelu(this.#dense(attended, `${prefix}.${names.intermediate}`)); // [..., hiddenDim]
    const outer = this.#dense(inner, `${prefix}.${names.output}`);
    return this.#normalise(graph.op("Add", [outer, attended]), `${prefix}.${names.outputNorm}`);
  }

  #attention(params: { hidden: Value; wanted: Value; bias: Value; prefix: string }): Value {
    const { graph } = this;
    const { hidden, wanted, bias, prefix } = params;
    const { layerNames: names, heads, dim } = this.#architecture;
    const inHeads = (x: Value, part: string, perm: number[]): Value => {
      const split = graph.op("Reshape", [
        this.#dense(x, `${prefix}.${part}`),
        graph.sizes(0, 0, heads, dim / heads),
      ]);
      return graph.op("Transpose", [split], { perm });
    };
    const queries = inHeads(wanted, names.query, [0, 2, 1, 3]); // [batch, heads, wanted, headDim]
    const keys = inHeads(hidden, names.key, [0, 2, 3, 1]); // [batch, heads, headDim, sequence]
    const values = inHeads(hidden, names.value, [0, 2, 1, 3]); // [batch, heads, sequence, headDim]
    const scaled = graph.op("Div", [
      graph.op("MatMul", [queries, keys]),
      graph.float(Math.sqrt(dim / heads)),
    ]);
    const shares = graph.op("Softmax", [graph.op("Add", [scaled, bias])], { axis: -1 });
    const context = graph.op("Transpose", [graph.op("MatMul", [shares, values])], { perm: [0, 2, 1, 3] });
    const joined = graph.op("Reshape", [context, graph.sizes(0, 0, dim)]);
    return this.#dense(joined, `${prefix}.${names.attentionOutput}`);
  }

  #dense(x: Value, name: string, arithmetic = this.#layers): Value {
    const weight = `${name}.weight`;
    const product = arithmetic.product(x, weight, this.#weight(weight));
    return this.graph.op("Add", [product, this.#constant(`${name}.bias`)]);
  }

  #normalise(x: Value, name: string): Value {
    const [scale, shift] = [this.#constant(`${name}.weight`), this.#constant(`${name}.bias`)];
    return this.graph.op("LayerNormalization", [x, scale, shift], {
      axis: -1,
      epsilon: { float: LAYER_NORM_EPSILON },
    });
  }

  /** The exact one, as layers.ts has it, in the pattern that onnxruntime takes for one operation. */
  #gelu(x: Value): Value {
    const { graph } = this;
    const below = graph.op("Add", [
      graph.op("Erf", [graph.op("Div", [x, graph.float(Math.SQRT2)])]),
      graph.float(1),
    ]);
    return graph.op("Mul", [graph.op("Mul", [x, below]), graph.float(0.5)]);
  }

  #constant(name: string): Value {
    return this.graph.floats(name, this.#weight(name));
  }

  #weight(name: string): HostTensor {
    const weight = this.#weights.get(name);
    if (!weight) throw new Error(`no parameter ${name}`);
    return weight;
  }
}
