// @ts-check
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { run } from "./run.mjs";
import { keyOf } from "./step.mjs";

const WORKSPACES = ["lib", "environment/kernel"];
const inRoot = (/** @type {string[]} */ ...names) => path.join(ROOT, ...names);

/**
 * lib and the kernel, compiled from TypeScript.
 * @type {import("./step.mjs").Step}
 */
export const build = {
  name: "build",
  title: "lib and the kernel (TypeScript)",
  seconds: 15,
  key() {
    const sources = WORKSPACES.flatMap((workspace) =>
      readdirSync(inRoot(workspace, "src"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .sort()
        .map((name) => inRoot(workspace, "src", name)),
    );
    const configs = WORKSPACES.map((workspace) => inRoot(workspace, "tsconfig.json"));
    const words = sources.map((file) => path.relative(ROOT, file));
    return keyOf({ files: [inRoot("tsconfig.base.json"), ...configs, ...sources], words });
  },
  present: () =>
    existsSync(inRoot("lib/dist/index.js")) && existsSync(inRoot("environment/kernel/dist/main.js")),
  async make() {
    const tsc = inRoot("node_modules/typescript/bin/tsc");
    await run("Compiling lib and the kernel", process.execPath, [
      tsc,
      "-b",
      ...WORKSPACES.map((name) => inRoot(name)),
    ]);
  },
};
