import type { HostTensor } from "../model/safetensors";
import { ElementType } from "./messages";
import type { OnnxGraph, Value } from "./onnx-graph";
import { quantizeColumns, quantizeRows, transposed } from "./quantize";

/** How a graph multiplies by the model's matrices (Transformers.js' names): in float32, or in int8. */
export type Dtype = "fp32" | "q8";

/** The two things that a graph does with a matrix of the model. */
export interface Arithmetic {
  /** `x W^T`, `[..., in]` to `[..., out]`, with W `[out, in]` as torch.nn.Linear stores it. */
  product(x: Value, name: string, weight: HostTensor): Value;
  /** Rows of a table `[rows, dim]` by number: `[..., dim]`. */
  lookUp(ids: Value, name: string, table: HostTensor): Value;
}

/** The arithmetic of a type. */
export function arithmeticOf(dtype: Dtype, graph: OnnxGraph): Arithmetic {
  return dtype === "fp32" ? new Float32Arithmetic(graph) : new Int8Arithmetic(graph);
}

/** What lib itself computes. */
class Float32Arithmetic implements Arithmetic {
  constructor(private readonly graph: OnnxGraph) {}

  product(x: Value, name: string, weight: HostTensor): Value {
    return this.graph.op("MatMul", [x, this.graph.floats(`${name}.T`, transposed(weight))]);
  }

  lookUp(ids: Value, name: string, table: HostTensor): Value {
    return this.graph.op("Gather", [this.graph.floats(name, table), ids]);
  }
}

/** What 0 is as a uint8, of which processors multiply faster than of int8. */
const ZERO = 128;
/** The largest whole number of what is multiplied by a matrix. */
const MOST = 127;

/**
 * Matrices in int8, each output (each row of a table) with a scale of its own; what is multiplied by them is brought to whole numbers
 * as it comes, each token with its own scale (Dettmers et al. 2022, LLM.int8(), section 2.1). onnxruntime's `quantize_dynamic` takes one scale for a
 * whole batch: there a token with large values spoils the others', and what is said of a text depends on its neighbours.
 */
class Int8Arithmetic implements Arithmetic {
  /** Values that several matrices are multiplied by, such as those of query, key and value, are rounded once. */
  readonly #rounded = new Map<Value, { whole: Value; scale: Value }>();

  constructor(private readonly graph: OnnxGraph) {}

  product(x: Value, name: string, weight: HostTensor): Value {
    const { graph } = this;
    const { shape, data, scales } = quantizeColumns(transposed(weight));
    const { whole, scale } = this.#round(x);
    const matrix = graph.int8s(`${name}.int8`, shape, data);
    const sums = graph.op("Cast", [graph.op("MatMulInteger", [whole, matrix, graph.uint8(ZERO)])], {
      to: ElementType.float,
    });
    // one after the other: onnxruntime takes a product of both for one number, and uses its first
    return graph.op("Mul", [graph.op("Mul", [sums, graph.floats(`${name}.scales`, scales)]), scale]);
  }

  lookUp(ids: Value, name: string, table: HostTensor): Value {
    const { graph } = this;
    const { shape, data, scales } = quantizeRows(table);
    const rows = graph.op("Gather", [graph.int8s(`${name}.int8`, shape, data), ids]);
    const steps = graph.op("Gather", [graph.floats(`${name}.scales`, scales), ids]);
    return graph.op("Mul", [graph.op("Cast", [rows], { to: ElementType.float }), steps]);
  }

  /** Each token's values as whole numbers from -127 to 127, {@link ZERO} added, and its scale `[..., 1]`. */
  #round(x: Value): { whole: Value; scale: Value } {
    const known = this.#rounded.get(x);
    if (known) return known;
    const { graph } = this;
    const largest = graph.op("ReduceMax", [graph.op("Abs", [x])], { axes: [-1], keepdims: 1 });
    // a token of zeros stays one
    const scale = graph.op("Div", [graph.op("Max", [largest, graph.float(1e-12)]), graph.float(MOST)]);
    const steps = graph.op("Round", [graph.op("Div", [x, scale])]);
    const whole = graph.op("Cast", [graph.op("Add", [steps, graph.float(ZERO)])], { to: ElementType.uint8 });
    const made = { whole, scale };
    this.#rounded.set(x, made);
    return made;
  }
}
