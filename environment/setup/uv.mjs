// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { LOCKS, UV, makeEnvironment } from "./python.mjs";
import { keyOf } from "./step.mjs";

/**
 * uv alone, which fetches TensorFlow: a project that is not the repository gets no Jupyter.
 * @type {import("./step.mjs").Step}
 */
export const uv = {
  name: "uv",
  title: "uv, which fetches TensorFlow",
  seconds: 10,
  key: () => keyOf({ files: [path.join(LOCKS, "uv.txt")], words: [ROOT] }),
  present: () => existsSync(UV),
  make: makeEnvironment,
};
