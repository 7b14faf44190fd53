import { DT, attribute } from "../runtime/raw-op";
import type { nodeBackend } from "../runtime/tensorflow";

type Binding = ReturnType<typeof nodeBackend>["binding"];
type Metadata = ReturnType<Binding["executeOp"]>[number];

/** Smaller tensors are not worth sharing. */
const SMALLEST = 16_384;

/**
 * One tensor for all of a shape: a recording wants to know of a result how large it is, not what is in it, and keeps all of
 * them to its end. So it takes the memory of the different shapes, not of the whole forward and backward pass.
 *
 * Whole numbers stay what they are: shapes can follow from them.
 */
export class StandIns {
  readonly #byShape = new Map<string, number>();

  constructor(private readonly binding: Binding) {}

  /** The result under an id that shares its memory with earlier ones of its shape; frees the result where there was one. */
  of(result: Metadata): Metadata {
    const { id, shape, dtype } = result;
    const isFloat = dtype === DT.FLOAT || dtype === DT.BFLOAT16;
    if (!isFloat || shape.reduce((size, extent) => size * extent, 1) < SMALLEST) return result;
    const key = `${dtype}:${shape.join()}`;
    const known = this.#byShape.get(key);
    if (known === undefined) {
      this.#byShape.set(key, this.#another(id, dtype));
      return result;
    }
    this.binding.deleteTensor(id);
    return { id: this.#another(known, dtype), shape, dtype };
  }

  /** Frees what they share. */
  free(): void {
    for (const id of this.#byShape.values()) this.binding.deleteTensor(id);
    this.#byShape.clear();
  }

  /** Another id of the same memory. */
  #another(id: number, dtype: number): number {
    const [same] = this.binding.executeOp("Identity", [attribute.type("T", dtype)], [id], 1);
    if (!same) throw new Error("the operation gave nothing");
    return same.id;
  }
}
