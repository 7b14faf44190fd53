import type { Tensor } from "../runtime/tensor";
import { nodeBackend } from "../runtime/tensorflow";
import type { Graph } from "./graph";
import { RecordingError } from "./recording-error";

/** What environment/tfjs-node/binding/functions.cc adds to tfjs-node's binding. */
interface FunctionBinding {
  addFunction(
    name: string,
    graph: Buffer,
    inputs: string[],
    outputs: string[],
    effects: string[],
    jitCompile: boolean,
  ): void;
  removeFunction(name: string): void;
}

/** What a native function is made of. */
export interface NativeFunctionParams {
  /** For errors and for TensorFlow's profiler. */
  label: string;
  graph: Graph;
  /** The graph as graph.ts encodes it. */
  encoded: Uint8Array;
  /** Whether XLA compiles it, see `RecordedFunctionParams`. */
  jitCompile: boolean;
}

let made = 0;

/** A graph that TensorFlow runs as one operation. */
export class NativeFunction {
  readonly #name: string;
  readonly #label: string;
  readonly #outputs: number;
  readonly #jitCompile: boolean;

  /** Hands a graph to TensorFlow. */
  constructor({ label, graph, encoded, jitCompile }: NativeFunctionParams) {
    made += 1;
    this.#label = label;
    this.#outputs = graph.outputs.length;
    this.#jitCompile = jitCompile;
    this.#name = `${label.replaceAll(/[^A-Za-z0-9]/g, "_")}_${made}`;
    const { inputs, outputs, effects } = graph;
    functionBinding().addFunction(this.#name, Buffer.from(encoded), inputs, outputs, effects, jitCompile);
  }

  /**
   * Runs it on the values of its inputs; the caller frees the results.
   *
   * @throws RecordingError if XLA should compile it and cannot
   */
  call(inputs: Tensor[]): Tensor[] {
    try {
      return nodeBackend().executeMultipleOutputs(this.#name, [], inputs, this.#outputs);
    } catch (error) {
      throw this.#jitCompile ? this.#notByXla(error) : error;
    }
  }

  /** Frees the graph; what XLA made of it stays with TensorFlow, which has no call to free that. */
  dispose(): void {
    functionBinding().removeFunction(this.#name);
  }

  /** TensorFlow's complaint, which names the operations that XLA has not, with the way out. */
  #notByXla(error: unknown): RecordingError {
    const said = error instanceof Error ? error.message : String(error);
    // from "Invalid TF_Status: 3" on the first line to traces of the graph on the third: the second says it
    const [, reason = said] = /^Message: (.*)$/m.exec(said) ?? [];
    return new RecordingError(
      `The ${this.#label} could not be run by XLA (jitCompile: true): ${reason}. ` +
        "Expected operations that XLA has for this device; jitCompile: false runs it as a graph without XLA, " +
        "compile: false operation by operation.",
      { cause: error },
    );
  }
}

function functionBinding(): FunctionBinding {
  return nodeBackend().binding as unknown as FunctionBinding;
}
