// @ts-check
/**
 * `npm run setup [-- --gpu | --cpu]`: makes this machine ready, skips what is there, carries on where it was interrupted. A device
 * that was asked for is remembered; without, a GPU is used where one answers.
 *
 * `-- --bundle FILE [--python 3.11,3.12]` packs every download into a file instead, and `-- --from FILE` takes them from there.
 */
import { binding } from "./setup/binding.mjs";
import { build } from "./setup/build.mjs";
import { readFlags } from "./setup/bundle/flags.mjs";
import { checkTarget, makeBundle } from "./setup/bundle/make.mjs";
import { checkBundle, withBundle } from "./setup/bundle/use.mjs";
import { rememberDevice } from "./setup/device.mjs";
import { encoder } from "./setup/encoder.mjs";
import { withLock } from "./setup/lock.mjs";
import { checkDisk, checkMachine, describeMachine, findPython } from "./setup/machine.mjs";
import { nodePackages } from "./setup/node-packages.mjs";
import { ROOT } from "./setup/paths.mjs";
import { python } from "./setup/python.mjs";
import { reviews } from "./setup/reviews.mjs";
import { makeSteps, missingSteps, orExplain } from "./setup/run-steps.mjs";
import { isDone } from "./setup/step.mjs";
import { tensorflow } from "./setup/tensorflow.mjs";

const STEPS = [nodePackages, python, tensorflow, binding, build, encoder, reviews];
const INSIDE = new Map([
  [tensorflow, python],
  [binding, nodePackages],
]);

async function setUp() {
  const { device: asked, bundle, from, pythons } = readFlags(process.argv.slice(2));
  // each step asks for itself
  if (asked) process.env["SETUP_DEVICE"] = asked;
  const machine = describeMachine(ROOT);
  checkMachine(machine);
  if (bundle) {
    checkTarget(bundle);
    // its pip downloads
    if (!isDone(python)) await makeSteps([python], STEPS.length);
    await makeBundle({ file: bundle, pythons });
    return;
  }
  const besides = from ? await checkBundle(from) : 0;
  const missing = missingSteps(STEPS, INSIDE);
  if (missing.includes(tensorflow)) checkDisk(machine, besides);
  if (missing.includes(python)) findPython();
  // not before: what was refused would be refused ever after
  if (asked) rememberDevice(asked);
  if (missing.length === 0) {
    console.log("Set-up: everything is there.");
    return;
  }
  await (from ? withBundle(from, () => makeSteps(missing, STEPS.length)) : makeSteps(missing, STEPS.length));
}

await orExplain(() => withLock(setUp));
