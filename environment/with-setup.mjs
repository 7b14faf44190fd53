// @ts-check
/**
 * `with-setup.mjs PROGRAM [--gpu | --cpu] [ARGUMENTS...]`: set-up first, then a program of this folder with the other arguments.
 * Ends with 2 if set-up fails: 1 may be a program's answer. What set-up says goes to standard error, for the same reason.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./setup/paths.mjs";

const inEnvironment = (/** @type {string} */ name) => path.join(ROOT, "environment", name);

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error("usage: node environment/with-setup.mjs PROGRAM [ARGUMENTS...]");
const isDevice = (/** @type {string} */ arg) => arg === "--gpu" || arg === "--cpu";
const setup = spawnSync(process.execPath, [inEnvironment("setup.mjs"), ...args.filter(isDevice)], {
  stdio: ["inherit", process.stderr, "inherit"],
});
if (setup.status === 0) {
  // in this very process: Ctrl-C reaches the program itself
  process.argv = [process.execPath, inEnvironment(program), ...args.filter((arg) => !isDevice(arg))];
  await import(pathToFileURL(inEnvironment(program)).href);
} else process.exitCode = setup.status === null ? 130 : 2;
