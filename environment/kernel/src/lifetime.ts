/** How long the end of the process waits for its last messages, in milliseconds. */
const PATIENCE = 2000;

/**
 * Keeps cells and libraries from ending the kernel by `process.exit()`, which would lose the reader's variables. Signals need no
 * help of ours: where nobody listens to SIGTERM it ends the process at once, in the middle of a loop too.
 *
 * @param prepare - what must happen before the process ends
 * @returns the function that does end it
 */
export function protectFromExit(prepare: () => Promise<void>): () => void {
  const end = process.exit.bind(process);
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ""}) would end the kernel: restart it from Jupyter instead`);
  };
  return () => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE);
    void prepare().finally(() => end(0));
  };
}
