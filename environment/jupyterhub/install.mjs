// @ts-check
/** Installs JupyterHub's Python packages, as `npm run class` does when it first runs: for an image, which has no network then. */
import { optionalPython } from "../setup/optional-python.mjs";

await optionalPython("jupyterhub");
