// @ts-check
import { execFileSync } from "node:child_process";
import { ROOT } from "../setup/paths.mjs";

/** In a process of its own: a binding that crashes must not take the one who asks with it. */
const ASK = `
  const { describeRuntime } = require("./lib/dist/runtime/describe-runtime.js");
  process.stdout.write("\\n" + JSON.stringify(describeRuntime()));
`;

/**
 * What TensorFlow lib runs on here.
 * @returns {{ tensorflow: string, tfjs: string, device: "gpu" | "cpu" }}
 * @throws what the child process said, if TensorFlow does not load
 */
export function askTensorflow() {
  const output = execFileSync(process.execPath, ["-e", ASK], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const last = output.trim().split("\n").at(-1) ?? "";
  return /** @type {ReturnType<typeof askTensorflow>} */ (JSON.parse(last));
}

/** The version of TensorFlow's library, if it loads. */
export function tensorflowVersion() {
  try {
    return askTensorflow().tensorflow;
  } catch {
    return undefined;
  }
}
