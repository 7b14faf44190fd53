// @ts-check
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { checkMachine, describeMachine } from "./machine.mjs";
import { ROOT, TENSORFLOW } from "./paths.mjs";
import { LOCKS, uvInstall } from "./python.mjs";
import { keyOf } from "./step.mjs";

const platform = () => checkMachine(describeMachine(ROOT));

/**
 * TensorFlow's C library and headers, unpacked from the wheel; Python never imports it, so its dependencies stay away.
 * @type {import("./step.mjs").Step}
 */
export const tensorflow = {
  name: "tensorflow",
  title: "TensorFlow's library",
  seconds: 20,
  key: () => keyOf({ files: [path.join(LOCKS, platform().tensorflow)], words: [ROOT] }),
  present: () => platform().libraries.every((library) => existsSync(path.join(TENSORFLOW, library))),
  async make(say) {
    const { tensorflow: lock, wheelPlatform, wheelPython } = platform();
    const target = path.dirname(TENSORFLOW);
    rmSync(target, { recursive: true, force: true });
    say("a wheel of about 270 MB");
    const wheel = [
      "--python-platform",
      wheelPlatform,
      "--python-version",
      wheelPython,
      "--only-binary",
      ":all:",
    ];
    await uvInstall("Installing TensorFlow's library", [
      ...["--no-deps", "--target", target, ...wheel, "-r", path.join(LOCKS, lock)],
    ]);
  },
};
