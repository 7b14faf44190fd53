// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";
import { run } from "./run.mjs";
import { keyOf } from "./step.mjs";

/** npm's flags for few retries: without a network, waiting for minutes helps nobody. */
export const PATIENCE = [
  "--fetch-retries=2",
  "--fetch-retry-mintimeout=1000",
  "--fetch-retry-maxtimeout=5000",
];

/**
 * The npm packages of package-lock.json, without any package's install script.
 * @type {import("./step.mjs").Step}
 */
export const nodePackages = {
  name: "node-packages",
  title: "npm packages",
  seconds: 40,
  key: () => keyOf({ files: [path.join(ROOT, "package-lock.json")] }),
  present: () => existsSync(path.join(ROOT, "node_modules/.package-lock.json")),
  async make() {
    await run("Installing the npm packages", "npm", ["ci", "--ignore-scripts", "--no-progress", ...PATIENCE]);
  },
};
