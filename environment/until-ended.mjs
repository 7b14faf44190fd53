// @ts-check

/**
 * Waits for a server in a process group of its own: Ctrl-C reaches it once, through this process, and so do SIGTERM and SIGHUP.
 * @param {import("node:child_process").ChildProcess} server
 * @param {() => void} [onStop] is called when it is asked to end for the first time
 * @returns {Promise<{ code: number, wasAsked: boolean }>} its exit code, and whether it was asked to end
 */
export async function untilEnded(server, onStop) {
  let wasAsked = false;
  const stop = () => {
    if (!wasAsked) onStop?.();
    wasAsked = true;
    server.kill("SIGTERM");
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, stop);
  /** @type {number} */
  const code = await new Promise((resolve, reject) => {
    server.on("error", reject);
    server.on("close", (exit) => {
      resolve(exit ?? 1);
    });
  });
  return { code, wasAsked };
}
