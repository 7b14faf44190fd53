import type { Tensor } from "../runtime/tensor";
import { nodeBackend } from "../runtime/tensorflow";
import type { Graph } from "./graph";

/** What environment/tfjs-node/binding/functions.cc adds to tfjs-node's binding. */
interface FunctionBinding {
  addFunction(name: string, graph: Buffer, inputs: string[], outputs: string[], effects: string[]): void;
  removeFunction(name: string): void;
}

let made = 0;

/** A graph that TensorFlow runs as one operation. */
export class NativeFunction {
  readonly #name: string;
  readonly #outputs: number;

  /**
   * Hands a graph to TensorFlow.
   *
   * @param encoded the graph as graph.ts encodes it
   */
  constructor(label: string, graph: Graph, encoded: Uint8Array) {
    made += 1;
    this.#name = `${label.replaceAll(/[^A-Za-z0-9]/g, "_")}_${made}`;
    this.#outputs = graph.outputs.length;
    const { inputs, outputs, effects } = graph;
    functionBinding().addFunction(this.#name, Buffer.from(encoded), inputs, outputs, effects);
  }

  /** Runs it on the values of its inputs; the caller frees the results. */
  call(inputs: Tensor[]): Tensor[] {
    return nodeBackend().executeMultipleOutputs(this.#name, [], inputs, this.#outputs);
  }

  /** Frees the graph. */
  dispose(): void {
    functionBinding().removeFunction(this.#name);
  }
}

function functionBinding(): FunctionBinding {
  return nodeBackend().binding as unknown as FunctionBinding;
}
