import { InterruptedError } from "./errors";

const FLAG = Symbol.for("jupyter.interrupt");

/**
 * Lets pending work of the process run, then stops if the reader interrupted the kernel.
 *
 * Long loops await it once a step: a flag that the kernel sets is seen there, between two steps, where nothing is half done.
 *
 * @throws InterruptedError when an interrupt was requested
 */
export async function checkInterrupt(doing: string): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  const flag = (globalThis as Record<symbol, unknown>)[FLAG] as { requested?: boolean } | undefined;
  if (flag?.requested)
    throw new InterruptedError(`${doing} was interrupted; what it had made until then is intact.`);
}
