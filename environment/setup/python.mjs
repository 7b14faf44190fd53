// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findPython } from "./machine.mjs";
import { PYTHON, ROOT, VENV } from "./paths.mjs";
import { run } from "./run.mjs";
import { keyOf } from "./step.mjs";

/** The lock files of the Python side. */
export const LOCKS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../python");
/** uv, which installs the Python side in seconds. */
export const UV = path.join(VENV, "bin", "uv");

/**
 * Jupyter and nbval in `.venv`, every package pinned by its hash.
 * @type {import("./step.mjs").Step}
 */
export const python = {
  name: "python",
  title: "Python packages (JupyterLab, nbval)",
  seconds: 25,
  key: () =>
    keyOf({ files: [path.join(LOCKS, "uv.txt"), path.join(LOCKS, "requirements.txt")], words: [ROOT] }),
  present: () => existsSync(UV) && existsSync(path.join(VENV, "bin", "jupyter-lab")),
  async make(say) {
    await makeEnvironment(say);
    say("JupyterLab and nbval");
    await uvInstall("Installing the Python packages", ["-r", path.join(LOCKS, "requirements.txt")]);
  },
};

/**
 * An environment of this machine's Python that has nothing but uv.
 * @param {(what: string) => void} say
 */
export async function makeEnvironment(say) {
  const found = findPython();
  say(`a virtual environment of Python ${found.version}`);
  await run("Making the Python environment", found.command, ["-m", "venv", "--clear", VENV]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"];
  await run("Installing uv", PYTHON, [...pip, "--require-hashes", "-r", path.join(LOCKS, "uv.txt")]);
}

/**
 * `uv pip install`, hashes required.
 * @param {string} what the job in plain words, for the error
 * @param {string[]} args
 * @param {string} [python] the interpreter whose environment it goes to, otherwise that of `.venv`
 */
export async function uvInstall(what, args, python = PYTHON) {
  await run(what, UV, ["pip", "install", "--quiet", "--python", python, "--require-hashes", ...args]);
}
