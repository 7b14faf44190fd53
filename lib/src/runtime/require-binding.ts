import { existsSync } from "node:fs";
import path from "node:path";
import { SetupError } from "./errors";
import { SETUP_COMMAND } from "./repository";

const BINDING = "lib/napi-v8/tfjs_binding.node";

// TensorFlow.js itself would ask to be rebuilt against a TensorFlow of 2022
if (!existsSync(path.join(path.dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json")), BINDING)))
  throw new SetupError(`TensorFlow is not set up here: run \`${SETUP_COMMAND}\`, then start this again.`);
