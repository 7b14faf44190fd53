import { hasFusedOperations } from "../model/fused-operations";
import type { HostTensor } from "../model/safetensors";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";

/** Which rows of a table a step changes, as tensors. */
export interface RowsOfStep {
  /** Rows that ever had a gradient, ascending, int32 `[touched]`. */
  touched: Tensor;
  /** Which of the step's words each of them is, or -1, int32 `[touched]`. */
  wordOf: Tensor;
}

/**
 * The rows of a table that ever had a gradient.
 *
 * The moments of the others are 0, and Adam leaves such a row as it is: so a step may leave it out and give the same. Once half
 * of the rows had a gradient, a step takes all, which is faster then. On a GPU it always does.
 */
export class TouchedRows {
  readonly #isTouched: Uint8Array;
  #touched = new Int32Array(0);

  /** Takes the table's number of rows; none is touched yet. */
  constructor(rows: number) {
    this.#isTouched = new Uint8Array(rows);
  }

  /** Takes a step's words (ascending), and says what it changes: nothing where that is all. The caller frees the tensors. */
  ofStep(words: Int32Array): RowsOfStep | Record<string, never> {
    this.#add(words);
    const touched = this.#touched;
    if (touched.length * 2 > this.#isTouched.length || !hasFusedOperations()) return {};
    const order = new Map([...words].map((word, at) => [word, at]));
    const wordOf = touched.map((row) => order.get(row) ?? -1);
    return { touched: tf.tensor1d(touched, "int32"), wordOf: tf.tensor1d(wordOf, "int32") };
  }

  /** Their numbers, for a checkpoint. */
  state(): HostTensor {
    return { shape: [this.#touched.length], data: Float32Array.from(this.#touched) };
  }

  /** Takes what {@link TouchedRows.state} gave. */
  loadState({ data }: HostTensor): void {
    this.#isTouched.fill(0);
    this.#touched = new Int32Array(0);
    this.#add(data);
  }

  #add(rows: ArrayLike<number>): void {
    const added: number[] = [];
    for (const row of Array.from(rows)) {
      if (this.#isTouched[row] === 0) added.push(row);
      this.#isTouched[row] = 1;
    }
    if (added.length > 0) this.#touched = Int32Array.from([...this.#touched, ...added]).sort();
  }
}
