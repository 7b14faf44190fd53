// @ts-check
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** Where the Python side of Jupyter lives. */
export const VENV = path.join(ROOT, ".venv");
/** The interpreter of that environment. */
export const PYTHON = path.join(VENV, "bin", "python");
/** Where TensorFlow's wheel is unpacked (`libtensorflow_cc.so.2`, `include/`). */
export const TENSORFLOW = path.join(VENV, "tensorflow", "tensorflow");
/** Where the wheel is unpacked first, beside the one in use. */
export const TENSORFLOW_PART = path.join(VENV, "tensorflow.part");
/** The native addon that tfjs-node-gpu loads. */
export const BINDING = path.join(
  ROOT,
  "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node",
);
/** Downloads: encoder and reviews. */
export const DOWNLOADS = path.join(ROOT, "data", "downloads");
/** The packaged encoder in DistilBERT's format. */
export const ENCODER = path.join(DOWNLOADS, "encoder");
/** What set-up has finished, one stamp a step, and its log. */
export const STATE = path.join(ROOT, "environment", ".setup");
/** What the notebooks make for each other. */
export const BUILD = path.join(ROOT, "build");
