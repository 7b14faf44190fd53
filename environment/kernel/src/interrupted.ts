/** Thrown into the code of a cell where the reader stopped it: `finally` blocks run on its way out. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("the cell was interrupted");
  }
}
