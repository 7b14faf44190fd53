// @ts-check
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { thisPlatform } from "./machine.mjs";
import { BINDING, NODE_HEADERS, PYTHON, ROOT, STATE, TENSORFLOW, TFJS } from "./paths.mjs";
import { LOCKS, uvInstall } from "./python.mjs";
import { run } from "./run.mjs";
import { keyOf } from "./step.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Pins the versions of TensorFlow.js and of the headers. */
const PINS = path.join(HERE, "../package.json");
/** Takes the place of tfjs-node's module entry, which it includes. */
const OURS = path.join(HERE, "../tfjs-node/binding");
const FUNCTIONS = path.join(OURS, "functions.cc");
/** Included before all else. */
const OWN_MEMORY = path.join(OURS, "own_memory.h");
/** The fused operations. */
const KERNELS = path.join(OURS, "kernels");

/**
 * tfjs-node-gpu's native addon, compiled against TensorFlow's library: the prebuilt one wants a TensorFlow of 2022.
 * @type {import("./step.mjs").Step}
 */
export const binding = {
  name: "binding",
  title: "the binding of TensorFlow.js to TensorFlow",
  seconds: 20,
  key: () =>
    keyOf({
      files: [
        ...[PINS, path.join(LOCKS, thisPlatform().tensorflow)],
        ...[FUNCTIONS, OWN_MEMORY],
        ...readdirSync(KERNELS).map((name) => path.join(KERNELS, name)),
      ],
      words: [ROOT],
    }),
  present: () => existsSync(BINDING),
  async make(say) {
    const compiler = findCompiler() ?? (await installZig(say));
    say(`compiling with ${path.basename(compiler.command)}`);
    const part = `${BINDING}.part`;
    mkdirSync(path.dirname(BINDING), { recursive: true });
    const args = [...compiler.args, ...compileArguments(part)];
    // zig would keep its cache in the home
    const env = { ZIG_GLOBAL_CACHE_DIR: path.join(STATE, "zig-cache") };
    await run("Compiling the TensorFlow binding", compiler.command, args, { env });
    renameSync(part, BINDING);
  },
};

/** @param {string} output */
function compileArguments(output) {
  const entry = "tfjs_binding.cc";
  const sources = readdirSync(path.join(TFJS, "binding")).filter(
    (name) => name.endsWith(".cc") && name !== entry,
  );
  const kernels = readdirSync(KERNELS).filter((name) => name.endsWith(".cc"));
  const { libraries, linkerFlags } = thisPlatform();
  return [
    ...["-O3", "-fno-math-errno", "-std=c++17", "-fPIC", "-shared", "-pthread", "-DNAPI_VERSION=8"],
    // vectors are passed in registers only within one file, where everybody agrees on how
    "-Wno-psabi",
    ...["-I", path.join(TENSORFLOW, "include"), "-I", NODE_HEADERS, "-I", TFJS],
    ...["-include", OWN_MEMORY],
    FUNCTIONS,
    ...sources.map((name) => path.join(TFJS, "binding", name)),
    ...kernels.map((name) => path.join(KERNELS, name)),
    ...["-o", output],
    ...libraries.map((library) => path.join(TENSORFLOW, library)),
    ...[...linkerFlags, `-Wl,-rpath,${TENSORFLOW}`],
  ];
}

/** A C++ compiler of this machine, unless SETUP_COMPILER=zig asks for the one from PyPI. */
function findCompiler() {
  if (process.env["SETUP_COMPILER"] === "zig") return undefined;
  for (const command of [process.env["CXX"], "c++", "g++", "clang++"]) {
    if (!command) continue;
    try {
      execFileSync(command, ["--version"], { stdio: "ignore" });
      return { command, args: [] };
    } catch {
      // not on this machine: try the next
    }
  }
  return undefined;
}

/** @param {(what: string) => void} say */
async function installZig(say) {
  say("no C++ compiler here: fetching zig (about 100 MB), then about two minutes of compiling");
  await uvInstall("Installing the zig compiler", ["-r", path.join(LOCKS, "ziglang.txt")]);
  return { command: PYTHON, args: ["-m", "ziglang", "c++"] };
}
