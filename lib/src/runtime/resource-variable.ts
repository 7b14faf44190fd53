import { ArgumentError } from "./errors";
import { DT, attribute, runEffect, runOp } from "./raw-op";
import type { Tensor } from "./tensor";
import { tf } from "./tensorflow";

let made = 0;

const rowTypes = () => [attribute.type("dtype", DT.FLOAT), attribute.type("Tindices", DT.INT32)];

/**
 * A float32 tensor that lives in TensorFlow's own memory and is changed in place by TensorFlow's fused optimizers.
 *
 * `tf.Variable` makes a new tensor at every assignment; a resource variable does not, and a recorded step can hold it.
 */
export class ResourceVariable {
  readonly #handle: Tensor;

  /**
   * Makes a variable with the values of a tensor, which stays the caller's.
   *
   * @throws ArgumentError if the tensor is not of type float32
   */
  constructor(
    readonly name: string,
    initial: Tensor,
  ) {
    checkType(name, initial);
    made += 1;
    this.#handle = tf.keep(
      runOp(
        "VarHandleOp",
        [],
        [
          attribute.text("container", ""),
          attribute.text("shared_name", `${name}#${made}`),
          attribute.type("dtype", DT.FLOAT),
          attribute.shape("shape", initial.shape),
        ],
      ),
    );
    this.shape = [...initial.shape];
    this.assign(initial);
  }

  /** Makes a variable of zeros. */
  static zeros(name: string, shape: number[]): ResourceVariable {
    const zeros = tf.zeros(shape);
    try {
      return new ResourceVariable(name, zeros);
    } finally {
      zeros.dispose();
    }
  }

  /** Dimensions, fixed for life. */
  readonly shape: number[];

  /** The handle that operations such as `ResourceApplyAdam` take. */
  get handle(): Tensor {
    return this.#handle;
  }

  /** The values now, as a tensor that later changes leave alone; shares memory until then. */
  read(): Tensor {
    return runOp("ReadVariableOp", [this.#handle], [attribute.type("dtype", DT.FLOAT)]);
  }

  /** Rows of a table now, by their numbers (int32 `[count]`), `[count, dim]`. */
  readRows(ids: Tensor): Tensor {
    const attributes = [
      attribute.int("batch_dims", 0),
      attribute.bool("validate_indices", true),
      ...rowTypes(),
    ];
    return runOp("ResourceGather", [this.#handle, ids], attributes);
  }

  /** Replaces rows of a table, each by its number once (int32 `[count]`), by `[count, dim]`. */
  assignRows(ids: Tensor, rows: Tensor): void {
    runEffect("ResourceScatterUpdate", [this.#handle, ids, rows], rowTypes());
  }

  /** Adds to rows of a table. */
  addToRows(ids: Tensor, rows: Tensor): void {
    runEffect("ResourceScatterAdd", [this.#handle, ids, rows], rowTypes());
  }

  /**
   * Replaces the values.
   *
   * @throws ArgumentError if they are not of type float32
   */
  assign(value: Tensor): void {
    checkType(this.name, value);
    const attributes = [attribute.type("dtype", DT.FLOAT), attribute.bool("validate_shape", true)];
    runEffect("AssignVariableOp", [this.#handle, value], attributes);
  }

  /** Frees the memory; the variable must not be used afterwards. */
  dispose(): void {
    runEffect("DestroyResourceOp", [this.#handle], [attribute.bool("ignore_lookup_error", true)]);
    this.#handle.dispose();
  }
}

/** TensorFlow takes values of another type without a word, and then cannot read the variable any more. */
function checkType(name: string, value: Tensor): void {
  if (value.dtype !== "float32")
    throw new ArgumentError(`The values for ${name} are of type ${value.dtype}; expected float32.`);
}
