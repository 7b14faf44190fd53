#!/usr/bin/env node
// @ts-check
/**
 * `npx finetune-debug-setup [--gpu | --cpu]`: what of set-up a project needs in which lib is installed as a package. TensorFlow's
 * library goes to `.finetune-debug/` there, and the binding compiled to it where TensorFlow.js looks for it. Skips what is there.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { binding } from "./setup/binding.mjs";
import { deviceOfFlags, rememberDevice } from "./setup/device.mjs";
import { withLock } from "./setup/lock.mjs";
import { checkDisk, checkMachine, describeMachine } from "./setup/machine.mjs";
import { IS_INSTALLED, PLACE, ROOT } from "./setup/paths.mjs";
import { makeSteps, missingSteps, orExplain } from "./setup/run-steps.mjs";
import { tensorflow } from "./setup/tensorflow.mjs";
import { uv } from "./setup/uv.mjs";

const STEPS = [uv, tensorflow, binding];
const INSIDE = new Map([[tensorflow, uv]]);

async function setUp() {
  const asked = deviceOfFlags(process.argv.slice(2));
  // each step asks for itself
  if (asked) process.env["SETUP_DEVICE"] = asked;
  const machine = describeMachine(ROOT);
  checkMachine(machine);
  // no business of the project's repository
  writeFileSync(path.join(PLACE, ".gitignore"), "*\n");
  const missing = missingSteps(STEPS, INSIDE);
  if (missing.includes(tensorflow)) checkDisk(machine);
  if (asked) rememberDevice(asked);
  if (missing.length === 0) console.log("Set-up: everything is there.");
  else await makeSteps(missing, STEPS.length);
}

if (IS_INSTALLED) {
  mkdirSync(PLACE, { recursive: true });
  await orExplain(() => withLock(setUp));
} else {
  console.error(
    "This sets up a project in which the package is installed; the repository has `npm run setup`.",
  );
  process.exitCode = 1;
}
