import { createHash } from "node:crypto";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { encodeGraph, type Graph } from "./graph";
import { NativeFunction } from "./native-function";
import { record } from "./recorder";
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
   * argument.
   */
  body: (args: Args) => Tensor[];
  /** Handles of the variables that the body reads or changes. */
  resources: Tensor[];
  /** `false` runs the body as it is, operation by operation; true where nothing is said. */
  compile?: boolean;
}

/** A graph that was recorded, and the sizes of arguments for which it is known to hold. */
interface Variant {
  digest: string;
  graph: Graph;
  sizes: SizePattern[];
  /** Missing until a second recording gave the same graph. */
  native?: NativeFunction;
}

/** So many graphs are kept; a function that gives more of them runs eagerly where none fits. */
const MAX_VARIANTS = 64;

/**
 * A function of tensors that TensorFlow runs as one compiled call: "tf.function" for TensorFlow.js.
 *
 * The first calls run eagerly and are recorded ({@link record}). A graph is trusted once a second recording gave the same:
 * so a value that should have been an argument is found out, not frozen. Where the two were called with different sizes,
 * the graph holds for all sizes there; sizes 0 and 1 stay apart, because operations broadcast along them. A call that no
 * graph fits is recorded in its turn.
 */
export class RecordedFunction<Args extends NamedTensors<Args>> {
  readonly #variants: Variant[] = [];

  constructor(private readonly params: RecordedFunctionParams<Args>) {}

  /** Number of graphs that TensorFlow runs by now. */
  get compiledCount(): number {
    return this.#variants.filter(({ native }) => native).length;
  }

  /**
   * The body's results; the caller frees them.
   *
   * @param args the same names, in the same order, at every call
   * @throws RecordingError if the body does something that a graph cannot hold
   */
  call(args: Args): Tensor[] {
    const { body, resources, compile = true } = this.params;
    const names = Object.keys(args) as (keyof Args)[];
    const tensors = Object.values<Tensor>(args);
    const shapes = tensors.map(({ shape }) => shape);
    const { native } = this.#variants.find((one) => one.native && admits(one.sizes, shapes)) ?? {};
    if (native) return native.call([...tensors, ...resources]);
    return tf.tidy(() => {
      if (!compile || this.#variants.length >= MAX_VARIANTS) return body(args);
      const { results, graph } = record({
        args: tensors,
        resources,
        body: (inputs) => body(Object.fromEntries(names.map((name, at) => [name, inputs[at]])) as Args),
      });
      this.#keep(graph, shapes);
      return results;
    });
  }

  /** Frees the graphs; a later call records anew. */
  dispose(): void {
    for (const { native } of this.#variants) native?.dispose();
    this.#variants.length = 0;
  }

  #keep(graph: Graph, shapes: number[][]): void {
    const digest = createHash("sha256").update(encodeGraph(graph)).digest("hex");
    const sizes = fixedSizes(shapes);
    for (const variant of this.#variants.filter((other) => other.digest === digest)) {
      const wider = generalise(variant.sizes, sizes);
      if (!wider) continue;
      variant.sizes = wider;
      variant.native ??= new NativeFunction(this.params.label, graph);
      return;
    }
    const contradicting = this.#variants.find((other) => admits(other.sizes, shapes));
    if (contradicting) throw this.#notTheSame(contradicting.graph, graph);
    this.#variants.push({ digest, graph, sizes });
  }

  #notTheSame(before: Graph, now: Graph): RecordingError {
    const text = ({ nodes }: Graph, at: number): string => JSON.stringify(nodes[at]);
    const at = now.nodes.findIndex((_, index) => text(now, index) !== text(before, index));
    const { op = "none", constant } = now.nodes[at] ?? before.nodes.at(-1) ?? {};
    const what = constant ? "a constant with other values" : `the operation ${op}`;
    return new RecordingError(
      `The ${this.params.label} did not do the same twice with arguments of the same sizes: its node ${at} is now ${what}. ` +
        "What varies from call to call must be an argument.",
    );
  }
}
