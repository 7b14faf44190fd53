import { attribute, runOp, type OpAttribute } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { nodeBackend } from "../runtime/tensorflow";
import type { Graph } from "./graph";
import { GraphBuilder } from "./graph-builder";
import { RecordingError } from "./recording-error";
import { StandIns } from "./stand-ins";

type Binding = ReturnType<typeof nodeBackend>["binding"];
type Metadata = ReturnType<Binding["executeOp"]>[number];

/** A function of tensors to tensors, which may change resources on the way. */
export type TensorFunction = (args: Tensor[]) => Tensor[];

/** The binding that records now, if one does. */
let recording: Binding | undefined;

/** Whether a function is being recorded now. */
export function isRecording(): boolean {
  return recording !== undefined && nodeBackend().binding === recording;
}

/**
 * Runs a function once, eagerly, and writes down each operation that it runs; what would change a resource is written down and
 * not run, so the resources stay as they are.
 *
 * Every kernel of TensorFlow.js goes through the native binding: a recording binding takes its place for the time of the
 * call, passes everything on, and keeps the operations, their attributes, and which output went into which input. What large
 * results hold is not kept ({@link StandIns}).
 *
 * @param params.args what the function is called with, the graph's first inputs
 * @param params.resources handles of the variables that it reads or changes, the graph's further inputs
 * @throws RecordingError if the function reads a value back, uses strings, or uses the result of an operation that ran
 *   before it and is not passed in
 */
export function record(params: { args: Tensor[]; resources: Tensor[]; body: TensorFunction }): Graph {
  const backend = nodeBackend();
  const real = backend.binding;
  const recorder = new Recorder(real);
  const restore = (): void => {
    if (backend.binding === recorder.binding) backend.binding = real;
  };
  backend.binding = recorder.binding;
  recording = recorder.binding;
  // an interrupt of the kernel ends synchronous code without its finally blocks
  setImmediate(restore);
  try {
    const inputs = params.args.map((arg) => recorder.input(arg));
    for (const resource of params.resources) recorder.input(resource, "resource").dispose();
    for (const output of params.body(inputs)) recorder.output(output);
    return recorder.graph;
  } finally {
    restore();
    recorder.free();
  }
}

/** What the next operation of the recorder's own is for. */
type Marking = "argument" | "resource" | "output" | undefined;

class Recorder {
  readonly binding: Binding;
  readonly #builder = new GraphBuilder();
  readonly #standIns: StandIns;
  #marking: Marking;

  constructor(private readonly real: Binding) {
    this.#standIns = new StandIns(real);
    // all that is not replaced stays the real one's; its properties are read-only, so they cannot be assigned over
    this.binding = Object.create(real, {
      createTensor: { value: this.#createTensor.bind(this) },
      executeOp: { value: this.#executeOp.bind(this) },
      tensorDataSync: { value: refuse("reads a value back: return it as a result, and read it outside") },
      loadSavedModel: { value: refuse("loads a SavedModel: load it outside") },
      runSavedModel: { value: refuse("runs a SavedModel, which is not an operation") },
    }) as Binding;
  }

  get graph(): Graph {
    return this.#builder.graph;
  }

  /** Frees what the recording alone needed. */
  free(): void {
    this.#standIns.free();
  }

  /** The tensor under another id, which the graph knows as an input. */
  input(tensor: Tensor, kind: "argument" | "resource" = "argument"): Tensor {
    return this.#marked(kind, tensor);
  }

  /** The tensor under another id, which the graph knows as an output. */
  output(tensor: Tensor): Tensor {
    return this.#marked("output", tensor);
  }

  /** Tensors do not tell their native id: an operation that does nothing brings it past the binding. */
  #marked(marking: Marking, tensor: Tensor): Tensor {
    if (tensor.dtype === "string" && marking !== "resource")
      throw new RecordingError(
        "The function takes or gives a tensor of strings, which a recording cannot hold.",
      );
    const type = marking === "resource" ? this.real.TF_RESOURCE : nodeBackend().getDTypeInteger(tensor.dtype);
    this.#marking = marking;
    try {
      return runOp("Identity", [tensor], [attribute.type("T", type)]);
    } finally {
      this.#marking = undefined;
    }
  }

  #createTensor(...[shape, dtype, values]: Parameters<Binding["createTensor"]>): number {
    const id = this.real.createTensor(shape, dtype, values);
    // inputs that are not yet in TensorFlow's memory are brought there when they are marked
    if (this.#marking === undefined || this.#marking === "output")
      this.#orFree([id], () => {
        this.#builder.constant(id, { shape, dtype, values });
      });
    return id;
  }

  #executeOp(...[op, attributes, inputs, count]: Parameters<Binding["executeOp"]>): Metadata[] {
    // what gives nothing runs for its effect, which is the graph's to have when it runs
    const results = count === 0 ? [] : this.real.executeOp(op, attributes, inputs, count);
    const outputs = this.#marking === undefined ? results.map((one) => this.#standIns.of(one)) : results;
    const ids = outputs.map(({ id }) => id);
    this.#orFree(ids, () => {
      const [first] = outputs;
      const [passed] = inputs;
      if (this.#marking === "resource" && passed !== undefined) this.#builder.resource(passed);
      else if (this.#marking === "argument" && first) this.#builder.argument(first);
      else this.#builder.operation({ op, attributes: attributes as OpAttribute[], inputs, outputs });
      if (this.#marking === "output" && first) this.#builder.output(first.id);
    });
    return outputs;
  }

  /** Frees tensors that nobody will own, because what is done with them fails. */
  #orFree(ids: number[], action: () => void): void {
    try {
      action();
    } catch (error) {
      for (const id of ids) this.real.deleteTensor(id);
      throw error;
    }
  }
}

function refuse(what: string): () => never {
  return () => {
    throw new RecordingError(`The function ${what}.`);
  };
}
