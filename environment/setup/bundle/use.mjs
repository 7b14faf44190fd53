// @ts-check
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { SetupError } from "../error.mjs";
import { findPython } from "../machine.mjs";
import { BUNDLE_USED as WORK } from "../paths.mjs";
import { readManifest, unpackArchive } from "./archive.mjs";
import { checkManifest } from "./manifest.mjs";
import { serveNpmPackages } from "./npm-registry.mjs";

/** Settings of this machine's package tools, which name registries, proxies and caches. */
const SETTINGS = /^(PIP_|UV_|npm_config_)|^(https?|all|no)_proxy$/i;

/**
 * Refuses a bundle that is not for this folder on this machine.
 * @param {string} file
 * @returns {Promise<number>} the bytes of disk that it takes while it is used
 */
export async function checkBundle(file) {
  const name = path.basename(file);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new SetupError(`There is no file ${name}: expected one that \`npm run setup -- --bundle\` made.`);
  const found = /** @type {Partial<import("./manifest.mjs").Manifest>} */ (await readManifest(file));
  const bytes = statSync(file).size;
  checkManifest({ name, bytes, found, python: findPython().version });
  // unpacked, and once more in the caches of npm and uv
  return 2 * bytes;
}

/**
 * Does work whose downloads come from a bundle and from nowhere else. The lock files' checksums hold as over a network.
 * @param {string} file
 * @param {() => Promise<void>} work
 */
export async function withBundle(file, work) {
  rmSync(WORK, { recursive: true, force: true });
  const before = process.env;
  try {
    mkdirSync(WORK, { recursive: true });
    console.log(`Set-up: unpacking ${path.basename(file)} and checking what is in it.`);
    await unpackArchive({ file, folder: WORK });
    const registry = await serveNpmPackages(path.join(WORK, "npm"));
    try {
      process.env = { ...withoutSettings(before), ...settingsFor({ folder: WORK, registry: registry.url }) };
      await work();
    } finally {
      registry.close();
    }
  } finally {
    process.env = before;
    rmSync(WORK, { recursive: true, force: true });
  }
}

/** @param {NodeJS.ProcessEnv} env */
function withoutSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SETTINGS.test(name)));
}

/**
 * The environment in which npm, pip, uv and the Hub's client find the bundle only.
 * @param {{ folder: string, registry: string }} params
 * @returns {Record<string, string>}
 */
function settingsFor({ folder, registry }) {
  // pip splits at a space and uv at a comma
  const wheels = pathToFileURL(path.join(folder, "wheels")).href.replaceAll(",", "%2C");
  return {
    npm_config_registry: registry,
    // npm refuses one file for both; these do not exist
    npm_config_userconfig: path.join(folder, "user.npmrc"),
    npm_config_globalconfig: path.join(folder, "global.npmrc"),
    npm_config_cache: path.join(folder, "npm-cache"),
    npm_config_update_notifier: "false",
    PIP_CONFIG_FILE: os.devNull,
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: wheels,
    PIP_NO_CACHE_DIR: "1",
    UV_NO_CONFIG: "1",
    UV_OFFLINE: "1",
    UV_NO_INDEX: "1",
    UV_FIND_LINKS: wheels,
    UV_CACHE_DIR: path.join(folder, "uv-cache"),
    HF_ENDPOINT: registry,
  };
}
