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
}

/** A graph that was recorded, and the arguments for which it is taken to hold. */
interface Variant {
  digest: string;
  graph: Graph;
  /** Element types of the arguments. */
  dtypes: string;
  sizes: SizePattern[];
  /** Missing until a second recording gave the same graph. */
  native?: NativeFunction;
}

/** So many graphs are kept: the oldest that did not come twice makes room, and where all did, other sizes run eagerly. */
const MAX_VARIANTS = 64;

/**
 * A function of tensors that TensorFlow runs as one compiled call: "tf.function" for TensorFlow.js.
 *
 * The first calls run eagerly and are recorded ({@link record}). A graph is trusted once a second recording gave the same:
 * so a value that should have been an argument is found out where it differs between the two. Where the two had different
 * sizes, the graph is taken to hold for all sizes there; sizes 0 and 1 stay apart, because operations broadcast along them.
 * A call that no graph fits is recorded in its turn.
 */
export class RecordedFunction<Args extends NamedTensors<Args>> {
  readonly #variants: Variant[] = [];
  #recordedCount = 0;

  constructor(private readonly params: RecordedFunctionParams<Args>) {}

  /** Number of graphs that TensorFlow runs by now. */
  get compiledCount(): number {
    return this.#variants.filter(({ native }) => native).length;
  }

  /** How many calls were recorded: no more in a call than before it means that TensorFlow ran a graph. */
  get recordedCount(): number {
    return this.#recordedCount;
  }

  /**
   * The body's results; the caller frees them.
   *
   * @param args the same names, in the same order, at every call
   * @throws RecordingError if the body does something that a graph cannot hold; what it changed until then stays changed
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
    const { native } = this.#variants.find((one) => one.native && fits(one)) ?? {};
    if (native) return native.call([...tensors, ...resources]);
    return tf.tidy(() => {
      if (this.compiledCount >= MAX_VARIANTS) return body(args);
      const { results, graph } = record({
        args: tensors,
        resources,
        body: (inputs) => body(Object.fromEntries(names.map((name, at) => [name, inputs[at]])) as Args),
      });
      this.#recordedCount += 1;
      this.#keep(graph, dtypes, shapes);
      return results;
    });
  }

  /** Frees the graphs; a later call records anew. */
  dispose(): void {
    for (const { native } of this.#variants) native?.dispose();
    this.#variants.length = 0;
  }

  #keep(graph: Graph, dtypes: string, shapes: number[][]): void {
    const encoded = encodeGraph(graph);
    const digest = createHash("sha256").update(encoded).digest("hex");
    const sizes = fixedSizes(shapes);
    for (const variant of this.#variants.filter((other) => other.digest === digest)) {
      const wider = generalise(variant.sizes, sizes);
      if (!wider) continue;
      variant.native ??= new NativeFunction(this.params.label, graph, encoded);
      variant.sizes = wider;
      return;
    }
    const contradicting = this.#variants.find(
      (other) => other.dtypes === dtypes && admits(other.sizes, shapes),
    );
    if (contradicting) throw this.#notTheSame(contradicting.graph, graph);
    const oldest = this.#variants.findIndex(({ native }) => !native);
    if (this.#variants.length >= MAX_VARIANTS && oldest >= 0) this.#variants.splice(oldest, 1);
    this.#variants.push({ digest, graph, dtypes, sizes });
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
