import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { isRecord } from "./records";

/** A file that was loaded, by what tells whether it has changed. */
interface LoadedFile {
  /** The hash of what was loaded. */
  readonly loaded: string;
  /** The hash of what was last seen on disk. */
  seen: string;
  size: number;
  /** When the file was last written, in milliseconds. */
  modified: number;
}

/** How often the disk is looked at, at most, in milliseconds. */
const INTERVAL = 1000;
const KERNEL_ROOT = path.resolve(__dirname, "..");
const PACKAGES = `${path.sep}node_modules${path.sep}`;

/**
 * Notices that a package was rebuilt after cells had loaded it: Node keeps the code that it has, while the type checker
 * goes on to the new declarations. Only code outside node_modules (by its real path) is watched, such as npm's workspaces;
 * what is installed there changes with a set-up.
 */
export class StalePackages {
  /** By path; undefined where nothing is watched. */
  readonly #files = new Map<string, LoadedFile | undefined>();
  readonly #names = new Map<string, string>();
  #lastLook = 0;

  /** Takes note of what has been loaded so far. To be called when a cell ends: what is rebuilt later is then noticed. */
  remember(): void {
    for (const file of Object.keys(require.cache)) {
      if (!this.#files.has(file)) this.#files.set(file, isWatched(file) ? firstSight(file) : undefined);
    }
  }

  /** What the reader should be told, once for each rebuild: whose code has changed since it was loaded. */
  notices(): string[] {
    const now = performance.now();
    if (now - this.#lastLook < INTERVAL) return [];
    this.#lastLook = now;
    const names = new Set<string>();
    for (const [file, known] of this.#files) {
      if (known && hasChanged(file, known))
        names.add(this.#packageOf(path.dirname(file)) ?? path.basename(file));
    }
    return [...names].map(
      (name) =>
        `${name} was rebuilt after cells had loaded it: its old code runs on, while types are checked against the new one. ` +
        "Restart the kernel to load the new code (Kernel > Restart, or 0 0).",
    );
  }

  /** The name of the package that a folder is in. */
  #packageOf(folder: string): string | undefined {
    const known = this.#names.get(folder);
    if (known !== undefined) return known;
    const name = nameIn(path.join(folder, "package.json"));
    const parent = path.dirname(folder);
    const found = name ?? (parent === folder ? undefined : this.#packageOf(parent));
    if (found !== undefined) this.#names.set(folder, found);
    return found;
  }
}

/** Native code is left out: it is large, and not rebuilt while one works. */
function isWatched(file: string): boolean {
  const inKernel = file.startsWith(KERNEL_ROOT + path.sep);
  return !inKernel && !file.includes(PACKAGES) && path.extname(file) !== ".node";
}

function firstSight(file: string): LoadedFile | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  const hash = hashOf(file);
  if (!stat || hash === undefined) return undefined;
  return { loaded: hash, seen: hash, size: stat.size, modified: stat.mtimeMs };
}

/** Whether a file differs from what was loaded in a way that was not seen before. */
function hasChanged(file: string, known: LoadedFile): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  // in the middle of a rebuild it may be gone
  if (!stat || (stat.size === known.size && stat.mtimeMs === known.modified)) return false;
  const hash = hashOf(file);
  if (hash === undefined) return false;
  known.size = stat.size;
  known.modified = stat.mtimeMs;
  const changed = hash !== known.seen && hash !== known.loaded;
  known.seen = hash;
  return changed;
}

function hashOf(file: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("base64");
  } catch {
    // gone in the meantime, or not ours to read
    return undefined;
  }
}

function nameIn(manifest: string): string | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    return isRecord(read) && typeof read["name"] === "string" ? read["name"] : undefined;
  } catch {
    return undefined;
  }
}
