#!/usr/bin/env node
// @ts-check
/**
 * `register-kernel.mjs (--prefix P | --user) [--name N] [--display-name D] [--force] [--remove]`: registers the kernel for another
 * Jupyter than the one that `npm start` opens, or takes that back.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { KERNEL, dataFolder, installKernelspec, removeKernelspec } from "./kernelspec.mjs";

const IS_INSTALLED = KERNEL.includes(`${path.sep}node_modules${path.sep}`);
const COMMAND = IS_INSTALLED ? "npx finetune-debug-kernel" : "npm run kernel:install --";
const USAGE = `usage: ${COMMAND} (--prefix FOLDER | --user) [--name NAME] [--display-name TEXT] [--force] [--remove]`;

function readArguments() {
  const { values } = parseArgs({
    options: {
      prefix: { type: "string" },
      user: { type: "boolean", default: false },
      name: { type: "string", default: "tslab" },
      "display-name": { type: "string" },
      force: { type: "boolean", default: false },
      remove: { type: "boolean", default: false },
    },
  });
  if (values.user === Boolean(values.prefix)) throw new Error(USAGE);
  // no dot first: `..` is a folder
  if (!/^[a-z0-9_-][a-z0-9._-]*$/.test(values.name))
    throw new Error(
      `${values.name} is no name for a kernel: lower-case letters, digits, - _ and . make one.`,
    );
  return values;
}

function run() {
  const { prefix, name, force, remove, "display-name": displayName } = readArguments();
  // npm goes to the repository first
  const from = process.env["INIT_CWD"] ?? process.cwd();
  const data = prefix ? path.join(path.resolve(from, prefix), "share", "jupyter") : dataFolder();
  const folder = path.join(data, "kernels", name);
  if (remove) {
    removeKernelspec(folder);
    console.log(`${folder} is gone.`);
    return;
  }
  if (!existsSync(KERNEL))
    throw new Error("environment/kernel/dist/main.js is missing: run `npm run setup` first.");
  installKernelspec(folder, { displayName, force });
  console.log(`The kernel is registered in ${folder}.`);
  const code = IS_INSTALLED ? "the kernel that is installed in this project" : "this repository's code";
  console.log(`It runs ${code} with this Node: when one of the two moves, run this command again.`);
  console.log("`jupyter kernelspec list` shows whether a Jupyter finds it; if not, start that Jupyter with");
  console.log(`JUPYTER_PATH=${data}`);
}

try {
  run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
