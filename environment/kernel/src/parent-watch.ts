import { workerData } from "node:worker_threads";

// Runs in a thread of its own, which goes on while a cell keeps the main one busy: a kernel in an endless loop, whose
// Jupyter has gone, would otherwise hold a core for ever. `workerData` is the id of the parent.

/** How often to look whether the parent is still there, in milliseconds. */
const INTERVAL = 1000;

setInterval(() => {
  // an orphan gets another parent
  if (process.ppid !== workerData) process.kill(process.pid, "SIGKILL");
}, INTERVAL);
