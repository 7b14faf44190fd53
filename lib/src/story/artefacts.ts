import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically, writeFolderAtomically } from "../runtime/atomic-file";
import { ArtefactError } from "../runtime/errors";
import { REPOSITORY } from "../runtime/repository";
import type { ProfileSettings } from "./profile";

/** What one notebook leaves for a later one, with everything that decides whether it still fits. */
interface Artefact {
  madeBy: string;
  profile: string;
  seed: number;
  /** Of the profile's settings and the code cells that made it. */
  hash: string;
  value: unknown;
}

/** The folder in which notebooks leave things for each other: `STORY_BUILD`, or build/. */
export function storyBuildFolder(): string {
  // set to nothing is not set: it would be the current folder
  return path.resolve(process.env["STORY_BUILD"] || path.join(REPOSITORY, "build"));
}

/** Leaves a value (as JSON) for later notebooks. */
export function saveArtefact(params: {
  notebook: string;
  name: string;
  settings: ProfileSettings;
  value: unknown;
}): void {
  const { notebook, name, settings, value } = params;
  const { name: profile, seed } = settings;
  const artefact: Artefact = { madeBy: notebook, profile, seed, hash: hashOf(notebook, settings), value };
  writeFileAtomically(artefactFile(notebook, name), `${JSON.stringify(artefact, null, 1)}\n`);
}

/**
 * Takes what an earlier notebook left.
 *
 * @throws ArtefactError in one line that says which notebook makes it, if it is missing or no longer fits
 */
export function loadArtefact(params: { notebook: string; name: string; settings: ProfileSettings }): unknown {
  const { notebook, name, settings } = params;
  const file = artefactFile(notebook, name);
  const again = `Run notebook ${notebook} first.`;
  if (!existsSync(file)) throw new ArtefactError(`"${name}" is missing. ${again}`);
  const artefact = parseArtefact(readFileSync(file, "utf8"));
  if (!artefact) throw new ArtefactError(`"${name}" is not an artefact. ${again}`);
  if (artefact.profile !== settings.name || artefact.seed !== settings.seed)
    throw new ArtefactError(
      `"${name}" was made with profile ${artefact.profile} and seed ${artefact.seed}; this run has ${settings.name} and ${settings.seed}. ${again}`,
    );
  if (artefact.hash !== hashOf(notebook, settings))
    throw new ArtefactError(`"${name}" was made by other code or other settings than now. ${again}`);
  return artefact.value;
}

/**
 * Leaves a folder of files for later notebooks: `write` fills it, and it gets its name once it is whole.
 */
export function saveArtefactFolder(params: {
  notebook: string;
  name: string;
  settings: ProfileSettings;
  write: (folder: string) => void;
}): void {
  const { notebook, name, write } = params;
  const folder = artefactFolder(notebook, name);
  writeFolderAtomically(folder, write);
  saveArtefact({ ...params, value: { files: readdirSync(folder).sort() } });
}

/**
 * The folder that an earlier notebook left.
 *
 * @throws ArtefactError in one line that says which notebook makes it, if it is missing or no longer fits
 */
export function loadArtefactFolder(params: {
  notebook: string;
  name: string;
  settings: ProfileSettings;
}): string {
  const { notebook, name } = params;
  const { files } = loadArtefact(params) as { files: string[] };
  const folder = artefactFolder(notebook, name);
  const missing = files.filter((file) => !existsSync(path.join(folder, file)));
  if (missing.length > 0)
    throw new ArtefactError(`"${name}" lacks ${missing.join(", ")}. Run notebook ${notebook} first.`);
  return folder;
}

function parseArtefact(text: string): Artefact | undefined {
  try {
    const json = JSON.parse(text) as Artefact | null;
    return json && "hash" in json ? json : undefined;
  } catch {
    return undefined;
  }
}

function artefactFolder(notebook: string, name: string): string {
  return path.join(storyBuildFolder(), "artefacts", notebook, name);
}

function artefactFile(notebook: string, name: string): string {
  return `${artefactFolder(notebook, name)}.json`;
}

function hashOf(notebook: string, settings: ProfileSettings): string {
  const parts = { ...settings, encoder: identityOf(settings.encoder) };
  return createHash("sha256").update(JSON.stringify(parts)).update(codeOf(notebook)).digest("hex");
}

/** What tells an encoder from others: its name on the Hub, or what lies in its folder, wherever that is. */
function identityOf(encoder: string): string {
  const [config, weights] = ["config.json", "model.safetensors"].map((name) => path.join(encoder, name));
  if (!config || !weights || !existsSync(config) || !existsSync(weights)) return encoder;
  return `${readFileSync(config, "utf8")}\0${statSync(weights).size}`;
}

/** The code cells of a notebook: prose and outputs may change without making its results stale. */
function codeOf(notebook: string): string {
  const file = path.join(REPOSITORY, "notebooks", `${notebook}.ipynb`);
  if (!existsSync(file)) return "";
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  const code = cells.filter(({ cell_type: type }) => type === "code");
  return code.map(({ source }) => (Array.isArray(source) ? source.join("") : source)).join("\n\n");
}
