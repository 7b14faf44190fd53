// @ts-check
/** `npm run doctor [-- --json]`: what this machine has, and for each missing thing the command that mends it. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { check, toTable } from "./doctor/check.mjs";
import { checkGpu } from "./doctor/gpu.mjs";
import { describeHubToken } from "./doctor/hub-token.mjs";
import { describeImdb } from "./doctor/imdb.mjs";
import { askTensorflow } from "./doctor/tensorflow.mjs";
import { jupyterEnvironment } from "./jupyter-environment.mjs";
import { binding } from "./setup/binding.mjs";
import { build } from "./setup/build.mjs";
import { encoder } from "./setup/encoder.mjs";
import { checkDisk, checkMachine, describeMachine, findPython } from "./setup/machine.mjs";
import { nodePackages } from "./setup/node-packages.mjs";
import { PYTHON, ROOT } from "./setup/paths.mjs";
import { python } from "./setup/python.mjs";
import { reviews } from "./setup/reviews.mjs";
import { isDone } from "./setup/step.mjs";
import { tensorflow } from "./setup/tensorflow.mjs";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });

/** @param {import("./setup/step.mjs").Step} step */
const made = (step) => () => {
  if (!isDone(step))
    throw new Error(step.present() ? "from another version, or unfinished" : "not there yet");
  return "ready";
};

function askKernel() {
  const helper = path.join(ROOT, "environment/doctor/check_kernel.py");
  return execFileSync(PYTHON, [helper], {
    env: jupyterEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

function describeTensorflow() {
  const { tensorflow: version, tfjs, device } = askTensorflow();
  return `${version} under TensorFlow.js ${tfjs}, on the ${device}`;
}

async function examine() {
  const machine = describeMachine(ROOT);
  const free = `${(machine.freeBytes / 1e9).toFixed(0)} GB free`;
  const isSetUp = [nodePackages, python, tensorflow, binding, build, encoder, reviews].every((step) => {
    // on a machine that is not supported, a step cannot even tell its key
    try {
      return isDone(step);
    } catch {
      return false;
    }
  });
  const install = "install what it says";
  return [
    await check("machine", () => (checkMachine(machine), `${machine.platform} ${machine.arch}`), {
      fix: install,
    }),
    await check("Node", () => machine.node),
    await check("Python", () => findPython().version, { fix: install }),
    await check("npm packages", made(nodePackages)),
    await check("Python packages", made(python)),
    await check("TensorFlow library", made(tensorflow)),
    await check("binding", made(binding)),
    await check("lib and kernel built", made(build)),
    await check("TensorFlow", describeTensorflow),
    await checkGpu(() => askTensorflow().device),
    await check("kernel starts", askKernel),
    await check("encoder", made(encoder)),
    await check("reviews", made(reviews)),
    await check("disk", () => (isSetUp || checkDisk(machine), free), { fix: "free some" }),
    await check("IMDB", () => describeImdb(process.env["IMDB_DIR"]), {
      needed: process.env["IMDB_DIR"] !== undefined,
      fix: "IMDB_DIR=<folder of the two parquet files>",
    }),
    await check("Hub token", () => describeHubToken(), { needed: false, fix: "HF_TOKEN=<token>" }),
  ];
}

const checks = await examine();
const ok = checks.every((one) => one.ok || !one.needed);
console.log(values.json ? JSON.stringify({ ok, checks }, null, 2) : toTable(checks));
process.exitCode = ok ? 0 : 1;
