// @ts-check
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Refuses a second class in a folder or at a port, before anything of the first is touched: JupyterHub ends whatever process its
 * proxy's file in the folder names.
 * @param {{ folder: string, address: string }} params
 * @returns {Promise<() => void>} gives the folder free again
 */
export async function onlyClass({ folder, address }) {
  const lock = path.join(folder, "class.pid");
  if (commandOf(lock).includes("jupyterhub.mjs"))
    throw new Error("A class is running in this folder: end it, or take another --folder and --port.");
  const proxy = path.join(folder, "jupyterhub-proxy.pid");
  const hasProxy = commandOf(proxy).includes("configurable-http-proxy");
  // of a process that is gone: its number may be another's by now
  if (!hasProxy) rmSync(proxy, { force: true });
  if (!hasProxy && (await answers(address)))
    throw new Error(`Something answers at ${address} already: expected another --port.`);
  writeFileSync(lock, String(process.pid));
  return () => {
    rmSync(lock, { force: true });
  };
}

/**
 * The command of the process that a file names; nothing where it has ended.
 * @param {string} file
 */
function commandOf(file) {
  if (!existsSync(file)) return "";
  const pid = readFileSync(file, "utf8").trim();
  try {
    return execFileSync("ps", ["-o", "args=", "-p", pid], { encoding: "utf8", stdio: "pipe" });
  } catch {
    return "";
  }
}

/** @param {string} address */
function answers(address) {
  return fetch(address).then(
    () => true,
    () => false,
  );
}
