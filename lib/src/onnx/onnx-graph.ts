import type { HostTensor } from "../model/safetensors";
import {
  ElementType,
  encodeModel,
  type AttributeMessage,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
} from "./messages";

/** Operators as of this version: the first with LayerNormalization. */
const OPSET = 17;
/** The file format's version that belongs to it. */
const IR_VERSION = 8;

/** The name of a value in a graph. */
export type Value = string;

/** Settings of an operation: whole numbers, lists of them, or `{ float }`. */
export type Attributes = Record<string, number | readonly number[] | { float: number }>;

/** A size that is a number, or a free one with a name. */
export type Size = number | string;

/** Gathers the operations of a computation, and writes them as an ONNX file (onnx.ai, IR.md). */
export class OnnxGraph {
  readonly #nodes: NodeMessage[] = [];
  readonly #constants = new Map<string, TensorMessage>();
  readonly #inputs: ValueMessage[] = [];
  readonly #outputs: ValueMessage[] = [];

  /** Adds an input of the whole graph. */
  input(name: string, type: ElementType, sizes: readonly Size[]): Value {
    this.#inputs.push(valueMessage(name, type, sizes));
    return name;
  }

  /** Gives a value a name by which it leaves the graph. */
  output(name: string, value: Value, type: ElementType, sizes: readonly Size[]): void {
    this.#add("Identity", [value], name, {});
    this.#outputs.push(valueMessage(name, type, sizes));
  }

  /** Adds an operation and returns its output. */
  op(opType: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const output = `${opType}_${this.#nodes.length}`;
    this.#add(opType, inputs, output, attributes);
    return output;
  }

  /** A float32 constant; one of the same name is there once. */
  floats(name: string, { shape, data }: HostTensor): Value {
    return this.#constant(name, ElementType.float, shape, data);
  }

  /** A float32 constant of one number. */
  float(value: number): Value {
    return this.floats(`float ${value}`, { shape: [], data: Float32Array.of(value) });
  }

  /** An int8 constant; one of the same name is there once. */
  int8s(name: string, shape: readonly number[], data: Int8Array): Value {
    return this.#constant(name, ElementType.int8, shape, data);
  }

  /** A uint8 constant of one number. */
  uint8(value: number): Value {
    return this.#constant(`uint8 ${value}`, ElementType.uint8, [], Uint8Array.of(value));
  }

  /** An int64 constant `[count]`, as shapes and axes are given. */
  sizes(...values: number[]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant(`sizes ${values.join(" ")}`, ElementType.int64, [values.length], data);
  }

  /** The file's bytes. */
  bytes(): Uint8Array {
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: "finetune-debug",
      opsetImport: [{ domain: "", version: OPSET }],
      graph: {
        name: "sequence-classification",
        node: this.#nodes,
        initializer: [...this.#constants.values()],
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #constant(
    name: string,
    dataType: ElementType,
    shape: readonly number[],
    data: Float32Array | Int8Array | Uint8Array | BigInt64Array,
  ): Value {
    // the machines that TensorFlow is built for are little-endian, as the format is
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (!this.#constants.has(name)) this.#constants.set(name, { name, dims: [...shape], dataType, rawData });
    return name;
  }

  #add(opType: string, input: readonly Value[], output: Value, attributes: Attributes): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeMessage(name, value));
    this.#nodes.push({ name: output, opType, input: [...input], output: [output], attribute });
  }
}

function attributeMessage(name: string, value: Attributes[string]): AttributeMessage {
  if (typeof value === "number") return { name, type: 2, i: value };
  return "float" in value ? { name, type: 1, f: value.float } : { name, type: 7, ints: [...value] };
}

function valueMessage(name: string, elemType: ElementType, sizes: readonly Size[]): ValueMessage {
  const dim = sizes.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
