/**
 * What the two threads of a kernel share about interrupts. A cell in a synchronous loop lets no message through, but it can
 * read memory.
 */
export interface InterruptMemory {
  /** Whether the reader has asked to stop the cell that runs: 0 is no. */
  readonly requested: Int32Array;
  /** How many wishes to stop the main thread has acted upon. */
  readonly answered: Int32Array;
}

/** Makes the memory; it may be given to another thread as it is. */
export function createInterruptMemory(): InterruptMemory {
  return {
    requested: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    answered: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
}
