// @ts-check

/**
 * What one kind of machine needs of TensorFlow.
 * @typedef {object} Platform
 * @property {string} tensorflow the pinned requirement file under environment/python/
 * @property {string} wheelPlatform uv's name for the platform of the wheel
 * @property {string} wheelPython the Python that the pinned wheel was built for (never imported, so any will do)
 * @property {string[]} libraries the shared libraries in the wheel that the addon links to
 */

/**
 * Every supported machine, by `${process.platform}-${process.arch}`.
 * @type {Record<string, Platform>}
 */
export const PLATFORMS = {
  "linux-x64": {
    tensorflow: "tensorflow-linux-x64-cpu.txt",
    wheelPlatform: "x86_64-manylinux_2_28",
    wheelPython: "3.12",
    libraries: ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
  },
};
