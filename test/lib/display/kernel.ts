import type { KernelDisplay, KernelDisplayOptions } from "../../../lib/src/display/kernel-hook";

/** What a kernel was asked to show. */
export interface Shown {
  readonly bundle: Record<string, unknown>;
  readonly options: KernelDisplayOptions;
}

/** Runs code as if in a notebook and returns what it showed. */
export async function inKernel(run: () => Promise<void> | void): Promise<Shown[]> {
  const shown: Shown[] = [];
  const kernel: KernelDisplay = {
    display: (bundle, options = {}) => shown.push({ bundle, options }),
    clearOutput: () => undefined,
  };
  const hook = Symbol.for("jupyter.display");
  Object.defineProperty(globalThis, hook, { value: kernel, configurable: true });
  try {
    await run();
  } finally {
    Reflect.deleteProperty(globalThis, hook);
  }
  return shown;
}
