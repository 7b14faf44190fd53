// @ts-check
import path from "node:path";
import { requireSetup } from "../require-setup.mjs";
import { ROOT } from "../setup/paths.mjs";

/** @typedef {typeof import("../../lib/dist/index.js")} Lib */

const inLib = (/** @type {string} */ file) => path.join(ROOT, "lib/dist", file);

/** What needs no TensorFlow, which takes a second to load. */
export async function loadRuntime() {
  requireSetup();
  /** @type {typeof import("../../lib/dist/runtime/nearest-name.js")} */
  const { nearestName } = await import(inLib("runtime/nearest-name.js"));
  /** @type {typeof import("../../lib/dist/runtime/repository.js")} */
  const { shownPath } = await import(inLib("runtime/repository.js"));
  /** @type {typeof import("../../lib/dist/runtime/atomic-file.js")} */
  const { writeFileAtomically } = await import(inLib("runtime/atomic-file.js"));
  return { nearestName, shownPath, writeFileAtomically };
}

/** @returns {Promise<Lib>} */
export async function loadLib() {
  return /** @type {Promise<Lib>} */ (import(inLib("index.js")));
}
