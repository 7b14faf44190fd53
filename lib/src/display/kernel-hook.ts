import type { MimeBundle } from "../runtime/presentation";

/** How a kernel is asked to show a bundle. */
export interface KernelDisplayOptions {
  /** Name by which the output can be changed later. */
  readonly displayId?: string;
  /** Changes the output of that name instead of adding one. */
  readonly update?: boolean;
  readonly metadata?: Record<string, unknown>;
}

/** What the project's Jupyter kernel offers to the code of a cell. */
export interface KernelDisplay {
  /** Shows a bundle as output of the running cell. */
  display(bundle: MimeBundle, options?: KernelDisplayOptions): void;
  /** Removes the output of the running cell, at once or when the next output comes. */
  clearOutput(wait?: boolean): void;
}

/** The display of the kernel that runs this code, if one does; kernel and library share nothing but this global. */
export function kernelDisplay(): KernelDisplay | undefined {
  return (globalThis as Record<symbol, KernelDisplay | undefined>)[Symbol.for("jupyter.display")];
}
