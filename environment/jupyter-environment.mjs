// @ts-check
import { mkdirSync } from "node:fs";
import path from "node:path";
import { ROOT, STATE, VENV } from "./setup/paths.mjs";

const JUPYTER = path.join(STATE, "jupyter");

/** What a reader changes in JupyterLab's settings. */
export const JUPYTER_CONFIG = path.join(JUPYTER, "config");
/** Where a running JupyterLab says how it is reached. */
export const JUPYTER_RUNTIME = path.join(JUPYTER, "runtime");

/**
 * The environment of every Jupyter process: it finds our kernel and this very Node, and writes nothing into the home.
 * @param {NodeJS.ProcessEnv} [more] over the rest
 * @returns {NodeJS.ProcessEnv}
 */
export function jupyterEnvironment(more = {}) {
  // IPython, which nbval loads, falls back to the home where its folder cannot be made
  mkdirSync(path.join(JUPYTER, "ipython"), { recursive: true });
  const search = [path.dirname(process.execPath), path.join(VENV, "bin"), process.env["PATH"]];
  return {
    ...process.env,
    // a virtual environment that happens to be active must not lend its packages
    PYTHONPATH: "",
    PYTHONHOME: undefined,
    PYTHONNOUSERSITE: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PATH: search.filter(Boolean).join(path.delimiter),
    JUPYTER_PATH: [path.join(ROOT, "environment/kernel/jupyter"), path.join(VENV, "share/jupyter")].join(
      path.delimiter,
    ),
    JUPYTER_CONFIG_DIR: JUPYTER_CONFIG,
    JUPYTER_DATA_DIR: path.join(JUPYTER, "data"),
    JUPYTER_RUNTIME_DIR: JUPYTER_RUNTIME,
    JUPYTER_PLATFORM_DIRS: "1",
    IPYTHONDIR: path.join(JUPYTER, "ipython"),
    ...more,
  };
}

/**
 * The same without the reader's `STORY_*` variables: for results that must be the same for everyone.
 * @param {NodeJS.ProcessEnv} [more]
 */
export function plainJupyterEnvironment(more = {}) {
  const environment = jupyterEnvironment();
  for (const name of Object.keys(environment)) if (name.startsWith("STORY_")) environment[name] = undefined;
  return { ...environment, ...more };
}
