// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";
import { PYTHON, ROOT } from "./setup/paths.mjs";

/** Refuses, in one line, to work on a machine that is not set up; whether it is so in full, the doctor knows. */
export function requireSetup() {
  const needed = [
    PYTHON,
    path.join(ROOT, "lib/dist/index.js"),
    path.join(ROOT, "environment/kernel/dist/main.js"),
  ];
  const missing = needed.find((file) => !existsSync(file));
  if (missing) throw new Error(`${path.relative(ROOT, missing)} is missing: run \`npm run setup\` first.`);
}
