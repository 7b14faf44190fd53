import type * as TypeScript from "@tslab/typescript-for-tslab";

type Timer = () => void;

/**
 * Lets the compiler have several timers where tslab, which runs them before each cell, has room for one.
 *
 * The compiler sets one when a file that it has read changes, and another when files come and go where it has looked
 * for some in vain. A package that is rebuilt does both, and tslab then fails every cell: "Unexpected pending rebuildTimer".
 */
export function joinTimers(host: TypeScript.WatchHost): void {
  const begin = host.setTimeout?.bind(host);
  if (!begin) throw new Error("tslab's compiler host has no timers any more");
  const waiting = new Set<Timer>();
  let begun = false;
  const runAll = (): void => {
    // those that a timer sets itself come last
    for (const timer of waiting) {
      waiting.delete(timer);
      timer();
    }
    begun = false;
  };
  host.setTimeout = (timer: Timer): Timer => {
    waiting.add(timer);
    if (!begun) begin(runAll, 0);
    begun = true;
    return timer;
  };
  host.clearTimeout = (timer: Timer): void => {
    waiting.delete(timer);
  };
}
