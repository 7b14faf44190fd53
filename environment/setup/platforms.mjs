// @ts-check

/**
 * Where TensorFlow runs.
 * @typedef {"cpu" | "gpu"} Device
 */
/**
 * What one kind of machine needs of TensorFlow.
 * @typedef {object} Platform
 * @property {Device} device
 * @property {string} tensorflow the pinned requirement file under environment/python/
 * @property {string} wheelPlatform uv's name for the platform of the wheels
 * @property {string} wheelPython the Python that the pinned wheel was built for (never imported, so any will do)
 * @property {string[]} libraries the shared libraries in the wheel that the addon links to
 * @property {string[]} linkerFlags what the linker must be told besides
 * @property {number} downloadBytes the wheels together
 * @property {number} neededBytes free disk that set-up fills, with room for downloads on the way
 */

// the libraries' own dependencies are resolved when they are loaded
const ELF = {
  libraries: ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
  linkerFlags: ["-Wl,--allow-shlib-undefined"],
};
const MACH_O = {
  libraries: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
  // Node itself has what the addon calls of it
  linkerFlags: ["-undefined", "dynamic_lookup"],
};

/**
 * Every supported machine, by `${process.platform}-${process.arch}`, and the devices that there is a TensorFlow for.
 * @type {Record<string, { cpu: Platform, gpu?: Platform }>}
 */
export const PLATFORMS = {
  "linux-x64": {
    cpu: {
      device: "cpu",
      tensorflow: "tensorflow-linux-x64-cpu.txt",
      wheelPlatform: "x86_64-manylinux_2_28",
      wheelPython: "3.12",
      ...ELF,
      downloadBytes: 274e6,
      neededBytes: 4e9,
    },
    gpu: {
      device: "gpu",
      tensorflow: "tensorflow-linux-x64-gpu.txt",
      wheelPlatform: "x86_64-manylinux_2_28",
      wheelPython: "3.12",
      ...ELF,
      downloadBytes: 3380e6,
      neededBytes: 9e9,
    },
  },
  "linux-arm64": {
    cpu: {
      device: "cpu",
      tensorflow: "tensorflow-linux-arm64-cpu.txt",
      wheelPlatform: "aarch64-manylinux_2_28",
      wheelPython: "3.12",
      ...ELF,
      downloadBytes: 282e6,
      neededBytes: 4e9,
    },
  },
  "darwin-arm64": {
    cpu: {
      device: "cpu",
      tensorflow: "tensorflow-darwin-arm64-cpu.txt",
      wheelPlatform: "aarch64-apple-darwin",
      wheelPython: "3.12",
      ...MACH_O,
      downloadBytes: 223e6,
      neededBytes: 4e9,
    },
  },
};
