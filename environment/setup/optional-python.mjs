// @ts-check
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BUILD, PYTHON, ROOT } from "./paths.mjs";
import { LOCKS, uvInstall } from "./python.mjs";
import { run } from "./run.mjs";
import { keyOf } from "./step.mjs";

/**
 * The interpreter of a group of Python packages that not every reader needs (`environment/python/NAME.txt`, pinned by hashes). Its
 * environment is made when it is first asked for, in build/python/NAME, and anew whenever its lock changes or the folder has moved.
 * @param {string} name of the group
 * @returns {Promise<string>}
 */
export async function optionalPython(name) {
  const lock = path.join(LOCKS, `${name}.txt`);
  const folder = path.join(BUILD, "python", name);
  const python = path.join(folder, "bin/python");
  const stamp = path.join(folder, "stamp");
  const key = keyOf({ files: [lock], words: [ROOT] });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return python;
  console.log(`Installing the Python packages of environment/python/${name}.txt ...`);
  rmSync(folder, { recursive: true, force: true });
  await run(`Making the Python environment ${name}`, PYTHON, ["-m", "venv", "--without-pip", folder]);
  await uvInstall(`Installing the Python packages ${name}`, ["-r", lock], python);
  writeFileSync(stamp, key);
  return python;
}
