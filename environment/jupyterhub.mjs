// @ts-check
/**
 * `npm run class -- [--port P] [--ip A] [--seats N] [--notebooks FOLDER] [--docker]`: JupyterHub for a class, until Ctrl-C, which ends
 * its proxy, servers and kernels too. Ends with 2 if what it was given cannot be used.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { onlyClass } from "./jupyterhub/one-class.mjs";
import { readOptions } from "./jupyterhub/options.mjs";
import { requireSetup } from "./require-setup.mjs";
import { optionalPython } from "./setup/optional-python.mjs";
import { ROOT } from "./setup/paths.mjs";
import { untilEnded } from "./until-ended.mjs";

/** @returns {Promise<number>} the exit code */
async function openClass() {
  const options = readOptions();
  if (options === undefined) return 0;
  requireSetup();
  const python = await optionalPython("jupyterhub");
  mkdirSync(options.folder, { recursive: true });
  const logFile = path.join(options.folder, "hub.log");
  const config = path.join(ROOT, "environment/jupyterhub", options.config);
  const free = await onlyClass({ folder: options.folder, address: addressOf(options) });
  const log = openSync(logFile, "w", 0o600);
  const hub = spawn(python, ["-m", "jupyterhub", "--config", config], {
    // the proxy writes its process id where the hub runs
    cwd: options.folder,
    env: {
      ...process.env,
      ...options.environment,
      PATH: [path.dirname(process.execPath), process.env["PATH"]].filter(Boolean).join(path.delimiter),
      PYTHONPATH: "",
      PYTHONNOUSERSITE: "1",
    },
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  void sayAddress(hub, options);
  const ended = untilEnded(hub, () => {
    console.log("The class is being ended: servers, kernels, proxy and hub.");
  });
  const { code, wasAsked } = await ended.finally(free);
  if (wasAsked) console.log("The class has ended.");
  else console.error(`JupyterHub ended by itself; why is in ${path.relative(ROOT, logFile)}.`);
  return wasAsked ? 0 : code || 1;
}

/** @param {{ ip: string, port: number }} options */
function addressOf({ ip, port }) {
  return `http://${ip === "0.0.0.0" ? "127.0.0.1" : ip}:${port}`;
}

/**
 * Waits for the hub to answer through its proxy, and says how it is reached.
 * @param {import("node:child_process").ChildProcess} hub
 * @param {import("./jupyterhub/options.mjs").ClassOptions} options
 */
async function sayAddress(hub, { folder, ip, port, seats }) {
  console.log("JupyterHub is starting.");
  const address = addressOf({ ip, port });
  while (hub.exitCode === null && hub.signalCode === null) {
    const answer = await fetch(`${address}/hub/api/`).catch(() => undefined);
    if (answer?.ok) {
      console.log(`The class is open at ${address}, for ${seats} seats: any name, and the password.`);
      const shown = path.relative(ROOT, folder);
      console.log(`Ctrl-C ends it; what users did stays in ${shown}/users/. What it logs: ${shown}/hub.log`);
      return;
    }
    await wait(300);
  }
}

process.exitCode = await openClass().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
