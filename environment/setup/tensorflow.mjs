// @ts-check
import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { thisPlatform } from "./machine.mjs";
import { ROOT, TENSORFLOW, TENSORFLOW_PART } from "./paths.mjs";
import { LOCKS, uvInstall } from "./python.mjs";
import { keyOf } from "./step.mjs";

/** Downloaded and unpacked in a second, over the line of a workshop. */
const BYTES_A_SECOND = 14e6;

/**
 * TensorFlow's C library and headers, unpacked from the wheel; Python never imports it, so its dependencies stay away.
 * @type {import("./step.mjs").Step}
 */
export const tensorflow = {
  name: "tensorflow",
  title: "TensorFlow's library",
  get seconds() {
    return Math.round(thisPlatform().downloadBytes / BYTES_A_SECOND);
  },
  key: () => keyOf({ files: [path.join(LOCKS, thisPlatform().tensorflow)], words: [ROOT] }),
  present: () => thisPlatform().libraries.every((library) => existsSync(path.join(TENSORFLOW, library))),
  async prepare(say) {
    const { tensorflow: lock, wheelPlatform, wheelPython, downloadBytes } = thisPlatform();
    say(`wheels of about ${(downloadBytes / 1e9).toFixed(1)} GB`);
    const wheel = [
      "--python-platform",
      wheelPlatform,
      "--python-version",
      wheelPython,
      "--only-binary",
      ":all:",
    ];
    try {
      await uvInstall("Installing TensorFlow's library", [
        ...["--no-deps", "--target", TENSORFLOW_PART, ...wheel, "-r", path.join(LOCKS, lock)],
      ]);
    } catch (error) {
      // on a full disk it is in the way of mending that
      rmSync(TENSORFLOW_PART, { recursive: true, force: true });
      throw error;
    }
  },
  make() {
    // the binding looks for it under this name
    const target = path.dirname(TENSORFLOW);
    rmSync(target, { recursive: true, force: true });
    renameSync(TENSORFLOW_PART, target);
    return Promise.resolve();
  },
};
