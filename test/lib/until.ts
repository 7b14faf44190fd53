import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so, looking again and again; gives up after 20 seconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("what was waited for did not happen in 20 seconds");
    await sleep(10);
  }
}
