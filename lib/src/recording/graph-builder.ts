import { attribute, type OpAttribute } from "../runtime/raw-op";
import { nodeBackend } from "../runtime/tensorflow";
import type { Constant, Graph, GraphNode } from "./graph";
import { RecordingError } from "./recording-error";

/** A tensor as the native binding describes it. */
export interface NativeTensor {
  id: number;
  shape: number[];
  dtype: number;
}

/** One operation that ran. */
export interface Operation {
  op: string;
  attributes: OpAttribute[];
  /** Ids of the tensors that went in. */
  inputs: number[];
  outputs: NativeTensor[];
}

/** Values as TensorFlow.js hands them to the binding. */
type Values = ArrayBufferView | Uint8Array[];

/** Makes a graph from operations in the order in which they ran. */
export class GraphBuilder {
  readonly graph: Graph = { nodes: [], inputs: [], outputs: [], effects: [] };
  /** Where the graph has a tensor: the name of an output. */
  readonly #names = new Map<number, string>();
  readonly #shapes = new Map<number, number[]>();
  /** Tensors made while recording: nodes only once something uses them. */
  readonly #constants = new Map<number, Constant>();
  readonly #constantNames = new Map<string, string>();
  readonly #resources = new Map<number, ResourceUse>();

  /** Takes a tensor as an argument; its sizes stay open. */
  argument({ id, shape, dtype }: NativeTensor): void {
    this.#placeholder(`arg${this.graph.inputs.length}`, id, dtype);
    this.#shapes.set(id, shape);
  }

  /** Takes a variable's handle. */
  resource(id: number): void {
    this.#placeholder(`resource${this.graph.inputs.length}`, id, nodeBackend().binding.TF_RESOURCE);
    this.#resources.set(id, { lastWrite: undefined, reads: [] });
  }

  /** Takes a tensor that was made of values. */
  constant(id: number, tensor: { shape: number[]; dtype: number; values: unknown }): void {
    const { shape, dtype, values } = tensor;
    this.#constants.set(id, { shape: [...shape], dtype, content: bytesOf(values as Values) });
    this.#shapes.set(id, [...shape]);
  }

  /** Takes an operation. */
  operation({ op, attributes, inputs, outputs }: Operation): void {
    if (this.#passesThrough(op, inputs, outputs)) return;
    const name = `op${this.graph.nodes.length}`;
    const data = inputs.map((id) => this.#nameOf(id, op));
    const order = inputs.flatMap((id) => this.#orderAfter(id, op, name));
    this.graph.nodes.push({ name, op, inputs: [...data, ...new Set(order)], attributes });
    for (const [index, { id, shape }] of outputs.entries()) {
      this.#names.set(id, index === 0 ? name : `${name}:${index}`);
      this.#shapes.set(id, shape);
    }
    if (outputs.length === 0) this.graph.effects.push(name);
  }

  /** Marks a tensor as one that the graph returns. */
  output(id: number): void {
    this.graph.outputs.push(this.#nameOf(id, "a result"));
  }

  #placeholder(name: string, id: number, dtype: number): void {
    this.graph.nodes.push({
      name,
      op: "Placeholder",
      inputs: [],
      attributes: [attribute.type("dtype", dtype)],
    });
    this.graph.inputs.push(name);
    this.#names.set(id, name);
  }

  /**
   * TensorFlow.js' gradients reshape to the shape that a tensor has already: left out, since the sizes of that moment
   * would stand in the graph as a constant. A shape that is computed stays: it may be another at the next call.
   */
  #passesThrough(op: string, [input, shape]: number[], [output]: NativeTensor[]): boolean {
    if (op !== "Reshape" || input === undefined || shape === undefined || !output) return false;
    if (!this.#constants.has(shape)) return false;
    const before = this.#shapes.get(input);
    if (!before || before.join() !== output.shape.join()) return false;
    this.#names.set(output.id, this.#nameOf(input, op));
    this.#shapes.set(output.id, before);
    return true;
  }

  #nameOf(id: number, user: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const constant = this.#constants.get(id);
    if (!constant)
      throw new RecordingError(
        `The function gives ${user} a tensor that was made before it ran: pass it as an argument.`,
      );
    const name = this.#constantName(constant);
    this.#names.set(id, name);
    return name;
  }

  #constantName(constant: Constant): string {
    const { dtype, shape, content } = constant;
    const key = `${dtype}[${shape.join()}]${Buffer.from(content).toString("base64")}`;
    const made = this.#constantNames.get(key);
    if (made !== undefined) return made;
    const node: GraphNode = {
      name: `const${this.graph.nodes.length}`,
      op: "Const",
      inputs: [],
      attributes: [],
      constant,
    };
    this.graph.nodes.push(node);
    this.#constantNames.set(key, node.name);
    return node.name;
  }

  /** A graph runs what it can at once: what uses a variable waits for the change before it, and a change for the reads. */
  #orderAfter(id: number, op: string, name: string): string[] {
    const use = this.#resources.get(id);
    if (!use) return [];
    const isRead = op === "ReadVariableOp" || op === "ResourceGather";
    const before = isRead ? [use.lastWrite] : [use.lastWrite, ...use.reads];
    if (isRead) use.reads.push(name);
    else this.#resources.set(id, { lastWrite: name, reads: [] });
    return before.flatMap((other) => (other === undefined ? [] : [`^${other}`]));
  }
}

interface ResourceUse {
  lastWrite: string | undefined;
  reads: string[];
}

function bytesOf(values: Values): Uint8Array {
  if (!ArrayBuffer.isView(values))
    throw new RecordingError("The function makes a tensor of strings, which a recording cannot hold.");
  // a copy: the values may change once the call is over
  return Uint8Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
