// @ts-check
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PACKAGES = `${path.sep}node_modules${path.sep}`;
/** Whether this is the package that somebody installed in a project of theirs, rather than the repository. */
export const IS_INSTALLED = HERE.includes(PACKAGES);

/** The root folder of what is set up: the repository, or the project that this package is installed in. */
export const ROOT = IS_INSTALLED ? HERE.split(PACKAGES)[0] || path.sep : path.resolve(HERE, "../..");
/** What set-up makes in somebody's project: their `.venv`, for one, is none of ours. */
export const PLACE = path.join(ROOT, ".finetune-debug");
/** Where the Python side of Jupyter lives; in somebody's project, nothing but uv. */
export const VENV = IS_INSTALLED ? path.join(PLACE, "python") : path.join(ROOT, ".venv");
/** The interpreter of that environment. */
export const PYTHON = path.join(VENV, "bin", "python");
/** Where TensorFlow's wheel is unpacked (`libtensorflow_cc.so.2`, `include/`). */
export const TENSORFLOW = path.join(VENV, "tensorflow", "tensorflow");
/** Where the wheel is unpacked first, beside the one in use. */
export const TENSORFLOW_PART = path.join(VENV, "tensorflow.part");
/** TensorFlow.js, whose native addon is compiled here. */
export const TFJS = packageFolder("@tensorflow/tfjs-node-gpu");
/** The headers of Node that the addon includes. */
export const NODE_HEADERS = path.join(packageFolder("node-api-headers"), "include");
/** The native addon that tfjs-node-gpu loads. */
export const BINDING = path.join(TFJS, "lib/napi-v8/tfjs_binding.node");
/** Downloads: encoder and reviews. */
export const DOWNLOADS = path.join(ROOT, "data", "downloads");
/** The packaged encoder in DistilBERT's format. */
export const ENCODER = path.join(DOWNLOADS, "encoder");
/** What set-up has finished, one stamp a step, and its log. */
export const STATE = IS_INSTALLED ? path.join(PLACE, "state") : path.join(ROOT, "environment", ".setup");
/** What a bundle is made of, and where one is unpacked. */
export const BUNDLE_MADE = path.join(STATE, "bundle-made");
export const BUNDLE_USED = path.join(STATE, "bundle-used");
/** The command that sets up; a device may follow it. */
export const SETUP_COMMAND = IS_INSTALLED ? "npx finetune-debug-setup" : "npm run setup --";
/** What the notebooks make for each other. */
export const BUILD = path.join(ROOT, "build");

/**
 * Where a package lies, or will lie: a repository that is not set up has none.
 * @param {string} name
 */
function packageFolder(name) {
  if (!IS_INSTALLED) return path.join(ROOT, "node_modules", name);
  return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
