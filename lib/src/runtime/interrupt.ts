import { InterruptedError } from "./errors";

const FLAG = Symbol.for("jupyter.interrupt");

/** What the kernel says of one cell: whether its reader wants it to stop. */
export type InterruptFlag = Readonly<{ requested?: boolean }>;

/** The flag of the cell that is running now, which no other cell has; `undefined` outside of a kernel. */
export function interruptFlag(): InterruptFlag | undefined {
  return (globalThis as Record<symbol, InterruptFlag | undefined>)[FLAG];
}

/**
 * Watches for an interrupt of the cell that is running now.
 *
 * The function that comes back lets other work of the process run, then stops if the reader interrupted the kernel: long loops
 * await it once a step, between two steps, where nothing is half done. The kernel gives each cell a flag of its own, so the
 * flag is taken at the start: a loop that outlives its interrupted cell still sees it.
 *
 * @throws InterruptedError (the function) when an interrupt was requested
 */
export function watchInterrupt(): (doing: string) => Promise<void> {
  const flag = interruptFlag();
  return async (doing) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (flag?.requested)
      throw new InterruptedError(`${doing} was interrupted; what it had made until then is intact.`);
  };
}
