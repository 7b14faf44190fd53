import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so, looking again and again; gives up after so many seconds. */
export async function until(isSo: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`what was waited for did not happen in ${seconds} seconds`);
    await sleep(10);
  }
}
