// @ts-check

/**
 * Runs a command that Ctrl-C (or a polite kill) ends: the signal is handed to the work, which stops what it started.
 * @param {(signal: AbortSignal) => Promise<number>} work
 * @returns {Promise<number>} the exit code: that of the work, or 130 once interrupted
 */
export async function interruptible(work) {
  const controller = new AbortController();
  const stop = () => {
    if (!controller.signal.aborted) console.error("\nStopping: the kernel is being ended.");
    controller.abort();
  };
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const name of signals) process.on(name, stop);
  try {
    const code = await work(controller.signal);
    return controller.signal.aborted ? 130 : code;
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
