/** How often to look whether the parent is still there, in milliseconds. */
const PARENT_INTERVAL = 1000;

/**
 * Keeps cells and libraries from ending the kernel by `process.exit()`, which would lose the reader's variables.
 *
 * @param prepare - what must happen before the process ends
 * @returns the function that does end it
 */
export function protectFromExit(prepare: () => void): () => void {
  const end = process.exit.bind(process);
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ""}) would end the kernel: restart it from Jupyter instead`);
  };
  return () => {
    prepare();
    end(0);
  };
}

/** Ends the kernel when it is told to, and when the process that started it has gone without a word. */
export function exitWithParent(exit: () => void): void {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, exit);
  // jupyter_client sets it; a kernel that was started otherwise may well outlive the shell that did
  if (!process.env["JPY_PARENT_PID"]) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) exit();
  }, PARENT_INTERVAL).unref();
}
