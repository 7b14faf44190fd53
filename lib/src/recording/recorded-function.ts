import { createHash } from "node:crypto";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { encodeGraph, type Graph } from "./graph";
import { NativeFunction } from "./native-function";
import { isRecording, record } from "./recorder";
import { RecordingError } from "./recording-error";
import { admits, fixedSizes, generalise, type SizePattern } from "./size-pattern";

/** Tensors by name. */
export type NamedTensors<Args> = { [Name in keyof Args]: Tensor };

/** What a recorded function is made of. */
export interface RecordedFunctionParams<Args extends NamedTensors<Args>> {
  /** For errors and for TensorFlow's profiler. */
  label: string;
  /**
   * Tensors to tensors. It may read and change the resources; all else that varies from call to call must be an
   * argument. It must not branch on sizes (but for 0 and 1), nor reshape one argument to another's shape.
   */
  body: (args: Args) => Tensor[];
  /** Handles of the variables that the body reads or changes. */
  resources: Tensor[];
  /** `false` runs the body as it is, operation by operation; true where nothing is said. */
  compile?: boolean;
  /**
   * Whether XLA compiles the graph to a program for the device (TensorFlow's `jit_compile`); false where nothing is said.
   *
   * XLA compiles anew, in seconds, for every set of the arguments' sizes, and for every value of an argument that says a shape;
   * TensorFlow keeps each program until the process ends. So it pays only where few sizes come often. Random numbers are drawn
   * otherwise than in a graph, and lib's fused operations, which are made for a CPU, XLA has not.
   */
  jitCompile?: boolean;
}

/** A graph that was recorded, and the arguments for which it is taken to hold. */
interface Variant {
  digest: string;
  graph: Graph;
  /** Element types of the arguments. */
  dtypes: string;
  sizes: SizePattern[];
  native: NativeFunction;
  /** Whether a second recording gave the same graph: then it is run without being recorded again. */
  isTrusted: boolean;
}

/** So many graphs are kept: the oldest that did not come twice makes room, and where all did, the oldest. */
const MAX_VARIANTS = 64;

/**
 * A function of tensors that TensorFlow runs as one compiled call: "tf.function" for TensorFlow.js.
 *
 * The first calls are recorded ({@link record}), and each runs the graph of its own recording. A graph is trusted for other
 * calls once a second recording gave the same: so a value that should have been an argument is found out where it differs
 * between the two. Where the two had different sizes, the graph is taken to hold for all sizes there; sizes 0 and 1 stay apart,
 * because operations broadcast along them. A call that no graph fits is recorded in its turn.
 *
 * TensorFlow fuses what it runs as a graph, and the last bits are others than those of the operations one by one. No call runs
 * so, not even the first: what a call gives does not depend on the calls before it, and a run that goes on in another process
 * gives what it would have given in one.
 */
export class RecordedFunction<Args extends NamedTensors<Args>> {
  readonly #variants: Variant[] = [];
  #recordedCount = 0;

  constructor(private readonly params: RecordedFunctionParams<Args>) {}

  /** Number of graphs that came twice, which TensorFlow runs without a recording by now. */
  get compiledCount(): number {
    return this.#variants.filter(({ isTrusted }) => isTrusted).length;
  }

  /** How many calls were recorded: no more in a call than before it means that TensorFlow ran a graph. */
  get recordedCount(): number {
    return this.#recordedCount;
  }

  /**
   * The body's results; the caller frees them.
   *
   * @param args the same names, in the same order, at every call
   * @throws RecordingError if the body does something that a graph cannot hold, or that XLA has not where it should compile;
   *   nothing is changed then
   */
  call(args: Args): Tensor[] {
    const { body, resources, compile = true } = this.params;
    const names = Object.keys(args) as (keyof Args)[];
    const tensors = Object.values<Tensor>(args);
    const shapes = tensors.map(({ shape }) => shape);
    // inside another recording its operations become a part of that one
    if (!compile || isRecording()) return tf.tidy(() => body(args));
    const dtypes = tensors.map(({ dtype }) => dtype).join();
    const fits = (one: Variant): boolean => one.dtypes === dtypes && admits(one.sizes, shapes);
    const known = this.#variants.find((one) => one.isTrusted && fits(one));
    if (known) return known.native.call([...tensors, ...resources]);
    return tf.tidy(() => {
      const graph = record({
        args: tensors,
        resources,
        body: (inputs) => body(Object.fromEntries(names.map((name, at) => [name, inputs[at]])) as Args),
      });
      this.#recordedCount += 1;
      return this.#keep(graph, dtypes, shapes).native.call([...tensors, ...resources]);
    });
  }

  /** Frees the graphs; a later call records anew. */
  dispose(): void {
    for (const { native } of this.#variants) native.dispose();
    this.#variants.length = 0;
  }

  /** Takes a recording; the variant that it made, or that it confirmed. */
  #keep(graph: Graph, dtypes: string, shapes: number[][]): Variant {
    const encoded = encodeGraph(graph);
    const digest = createHash("sha256").update(encoded).digest("hex");
    const sizes = fixedSizes(shapes);
    for (const variant of this.#variants.filter((other) => other.digest === digest)) {
      const wider = generalise(variant.sizes, sizes);
      if (!wider) continue;
      variant.isTrusted = true;
      variant.sizes = wider;
      return variant;
    }
    const contradicting = this.#variants.find(
      (other) => other.dtypes === dtypes && admits(other.sizes, shapes),
    );
    if (contradicting) throw this.#notTheSame(contradicting.graph, graph);
    this.#makeRoom();
    const { label, jitCompile = false } = this.params;
    const native = new NativeFunction({ label, graph, encoded, jitCompile });
    const variant = { digest, graph, dtypes, sizes, native, isTrusted: false };
    this.#variants.push(variant);
    return variant;
  }

  #makeRoom(): void {
    if (this.#variants.length < MAX_VARIANTS) return;
    const oldest = Math.max(
      0,
      this.#variants.findIndex(({ isTrusted }) => !isTrusted),
    );
    for (const { native } of this.#variants.splice(oldest, 1)) native.dispose();
  }

  #notTheSame(before: Graph, now: Graph): RecordingError {
    const text = ({ nodes }: Graph, at: number): string | undefined => JSON.stringify(nodes[at]);
    const longer = now.nodes.length > before.nodes.length ? now : before;
    const at = longer.nodes.findIndex((_, index) => text(now, index) !== text(before, index));
    const node = now.nodes[at];
    const what = node
      ? node.constant
        ? "a constant with other values"
        : `the operation ${node.op}`
      : "missing";
    return new RecordingError(
      `The ${this.params.label} did not do the same twice with arguments of the same sizes: its node ${at} is now ${what}. ` +
        "What varies from call to call must be an argument.",
    );
  }
}
