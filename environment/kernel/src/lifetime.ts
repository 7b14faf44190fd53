import path from "node:path";
import { Worker } from "node:worker_threads";

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

/**
 * Ends the kernel when the process that started it has gone without a word. Signals need no help of ours: where nobody
 * listens to SIGTERM it ends the process at once, in the middle of a loop too.
 */
export function exitWithParent(): void {
  // jupyter_client sets it; a kernel that was started otherwise may well outlive the shell that did
  if (!process.env["JPY_PARENT_PID"]) return;
  new Worker(path.join(__dirname, "parent-watch.js"), { workerData: process.ppid }).unref();
}
