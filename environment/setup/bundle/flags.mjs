// @ts-check
import path from "node:path";
import { parseArgs } from "node:util";
import { readerFolder } from "../../reader-folder.mjs";
import { deviceOfFlags } from "../device.mjs";
import { SetupError } from "../error.mjs";

/**
 * What a call of set-up asks for.
 * @typedef {object} Flags
 * @property {import("../platforms.mjs").Device | undefined} device
 * @property {string | undefined} bundle the file to pack every download into
 * @property {string | undefined} from the bundle to set up from
 * @property {string[] | undefined} pythons the versions of the class, such as `3.12`, that a bundle is packed for
 */

/**
 * Reads the flags of set-up.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Flags}
 */
export function readFlags(args, env = process.env) {
  const text = { type: /** @type {const} */ ("string") };
  const options = { bundle: text, from: text, python: text };
  const { values, tokens } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const others = tokens.flatMap((token) => {
    if (token.kind === "positional") return [token.value];
    return token.kind === "option" && !Object.hasOwn(options, token.name) ? [token.rawName] : [];
  });
  const device = deviceOfFlags(others, env);
  const bundle = fileOf("bundle", values.bundle);
  const from = fileOf("from", values.from);
  if (bundle && from)
    throw new SetupError("Set-up was asked for --bundle and for --from: expected one of them.");
  if (values.python !== undefined && !bundle)
    throw new SetupError("--python says what a bundle is packed for: expected --bundle FILE beside it.");
  return { device, bundle, from, pythons: pythonsOf(values.python) };
}

/**
 * @param {string} flag
 * @param {string | boolean | undefined} value
 */
function fileOf(flag, value) {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "" || value.startsWith("-"))
    throw new SetupError(`--${flag} was given no file: expected --${flag} FILE, such as ../class.tar.`);
  return path.resolve(readerFolder("setup"), value);
}

/** @param {string | boolean | undefined} value */
function pythonsOf(value) {
  if (value === undefined) return undefined;
  const versions = String(value).split(",");
  const unknown = versions.find((version) => !/^3\.[1-9]\d$/.test(version));
  if (unknown !== undefined)
    throw new SetupError(
      `--python was given ${JSON.stringify(unknown)}: expected versions from 3.10 on, such as 3.11,3.12.`,
    );
  return [...new Set(versions)];
}
