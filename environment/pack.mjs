// @ts-check
/**
 * `npm run pack`: what is released, as npm packages in build/packages/: lib, the kernel, and the set-up of TensorFlow. Each is put
 * together in a folder of its own first, since what it takes along lies in several places, and npm packs what its `files` name there.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BUILD, ROOT } from "./setup/paths.mjs";

const PACKAGES = path.join(BUILD, "packages");
/** Each workspace that is released, and what it takes along from elsewhere. */
const RELEASED = {
  lib: { LICENSE: "LICENSE", data: "data" },
  environment: { LICENSE: "LICENSE", "README.md": "environment/tfjs-node/README.md" },
  "environment/kernel": { LICENSE: "LICENSE" },
};
/** Of a workspace: nothing that was installed or downloaded, no other workspace in it. */
const LEFT_OUT = /(^|\/)(node_modules|downloads|\.setup|__pycache__)$|\.(map|tsbuildinfo)$/;

/** @typedef {{ filename: string, size: number, unpackedSize: number, files: { path: string }[] }} Packed what npm tells */

/**
 * @param {string} workspace
 * @param {Record<string, string>} taken from the repository's root, by their names in the package
 * @returns {Packed}
 */
function pack(workspace, taken) {
  const stage = path.join(PACKAGES, "stage", path.basename(workspace));
  /** @param {string} source @param {string} target */
  const copy = (source, target) => {
    const filter = (/** @type {string} */ file) => !LEFT_OUT.test(file);
    cpSync(path.join(ROOT, source), path.join(stage, target), { recursive: true, filter });
  };
  copy(workspace, ".");
  for (const [name, source] of Object.entries(taken)) copy(source, name);
  tidyCompiled(stage);
  const told = execFileSync("npm", ["pack", "--json", "--pack-destination", PACKAGES], {
    cwd: stage,
    encoding: "utf8",
  });
  // a list, or since npm 11 by name
  const packed = /** @type {Record<string, Packed>} */ (JSON.parse(told));
  const [first] = Object.values(packed);
  if (!first) throw new Error(`npm packed nothing of ${workspace}.`);
  return first;
}

/**
 * Of what was compiled, leaves out what comes of a source that is gone, and the mention of source maps: they stay with the sources.
 * @param {string} stage
 */
function tidyCompiled(stage) {
  const dist = path.join(stage, "dist");
  if (!existsSync(dist)) return;
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    const [file, stem] = [path.join(dist, name), name.replace(/(\.d\.ts|\.js)$/, "")];
    if (stem === name) continue;
    if (!existsSync(path.join(stage, "src", `${stem}.ts`))) rmSync(file);
    else writeFileSync(file, readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n"));
  }
}

rmSync(PACKAGES, { recursive: true, force: true });
mkdirSync(PACKAGES, { recursive: true });
for (const [workspace, taken] of Object.entries(RELEASED)) {
  const { filename, size, unpackedSize, files } = pack(workspace, taken);
  const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(`${filename}: ${files.length} files, ${megabytes(size)} (${megabytes(unpackedSize)} unpacked)`);
}
rmSync(path.join(PACKAGES, "stage"), { recursive: true });
