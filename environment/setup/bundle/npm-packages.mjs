// @ts-check
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { SetupError } from "../error.mjs";
import { PATIENCE } from "../node-packages.mjs";
import { ROOT } from "../paths.mjs";
import { run } from "../run.mjs";

/**
 * A package of package-lock.json that comes from a registry.
 * @typedef {object} LockedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} integrity
 * @property {string} file the name that `npm pack` gives its tarball
 */
/** @typedef {{ name?: string, version: string, integrity?: string, os?: string[], cpu?: string[], libc?: string[] }} LockEntry */

/**
 * Every package that `npm ci` fetches on this machine.
 * @returns {LockedPackage[]}
 */
export function lockedPackages() {
  const lock = /** @type {{ packages: Record<string, LockEntry> }} */ (
    JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"))
  );
  /** @type {Map<string, LockedPackage>} */
  const packages = new Map();
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (entry.integrity === undefined || !isForHere(entry)) continue;
    const { version, integrity } = entry;
    const name = entry.name ?? place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
    const file = `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
    packages.set(`${name}@${version}`, { name, version, integrity, file });
  }
  return [...packages.values()];
}

/** @param {LockEntry} entry */
function isForHere({ os, cpu, libc }) {
  return (
    (os?.includes(process.platform) ?? true) &&
    (cpu?.includes(process.arch) ?? true) &&
    // there is no set-up on musl
    (libc?.includes("glibc") ?? true)
  );
}

/**
 * Downloads the packages' tarballs, each held to the lock.
 * @param {string} folder
 */
export async function downloadPackages(folder) {
  const packages = lockedPackages();
  const specs = packages.map(({ name, version }) => `${name}@${version}`);
  const quiet = ["--ignore-scripts", "--no-progress", "--loglevel=error"];
  await run("Downloading the npm packages", "npm", [
    ...["pack", "--prefer-offline", "--pack-destination", folder, ...quiet, ...PATIENCE, ...specs],
  ]);
  for (const { name, version, integrity, file } of packages) {
    const [algorithm = "", expected] = integrity.split("-");
    const found = createHash(algorithm)
      .update(readFileSync(path.join(folder, file)))
      .digest("base64");
    if (found !== expected)
      throw new SetupError(
        `The package ${name} ${version} does not have the checksum of package-lock.json: no bundle was made. Try again, or ask who serves your packages.`,
      );
  }
}
