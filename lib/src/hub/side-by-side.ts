/**
 * Does some work for each of many things, several at a time. The first error stops the others.
 *
 * @param work - ends soon once its signal is aborted
 * @throws the first error, once all have ended
 */
export async function sideBySide<T>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const left = things.values();
  const failures: unknown[] = [];
  const takeTurns = async (): Promise<void> => {
    for (const thing of left) {
      if (stop.signal.aborted) return;
      try {
        await work(thing, stop.signal);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, takeTurns));
  if (failures.length > 0) throw failures[0];
}
