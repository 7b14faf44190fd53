import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { Script } from "node:vm";

/** How many bytes of a cache are the hash of the others: V8 itself would crash on some that are broken. */
const HASH_BYTES = 32;

/**
 * Loads one large CommonJS module with the bytecode that V8 made of it in an earlier process, where that was kept.
 * (`module.enableCompileCache` does the same for every module, but not on Node 20.)
 *
 * @param folder - where the cache is kept; nothing fails where it cannot be written
 */
export class CachedModule {
  /** What the module exports. */
  readonly exports: unknown;
  readonly #script: Script;
  readonly #cache: string;
  #kept: boolean;

  constructor(file: string, folder: string) {
    // V8 itself refuses the code of another version, but of the source it compares the length only
    const { size, mtimeMs } = statSync(file);
    const name = `${path.basename(file, ".js")}-${process.version}-${process.arch}-${size}-${mtimeMs}`;
    this.#cache = path.join(folder, `${name}.cache`);
    const cachedData = readCache(this.#cache);
    const source = Module.wrap(readFileSync(file, "utf8"));
    this.#script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
    this.#kept = cachedData !== undefined && this.#script.cachedDataRejected === false;
    this.exports = this.#run(file);
  }

  /** Whether later processes will find the code. */
  get isKept(): boolean {
    return this.#kept;
  }

  /** Keeps the code for later processes, with what has been compiled since it was loaded: the more work it has done, the better. */
  keep(): void {
    if (this.#kept) return;
    this.#kept = true;
    const own = `${this.#cache}.${process.pid}`;
    try {
      const data = this.#script.createCachedData();
      removeOthers(this.#cache);
      writeFileSync(own, Buffer.concat([hash(data), data]));
      // whole or not at all, for whoever reads it meanwhile
      renameSync(own, this.#cache);
    } catch {
      // a folder that cannot be written only costs time
      rmSync(own, { force: true });
    }
  }

  #run(file: string): unknown {
    const module = new Module(file);
    module.filename = file;
    const run = this.#script.runInThisContext() as (...parts: unknown[]) => void;
    run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file));
    module.loaded = true;
    createRequire(file).cache[file] = module;
    return module.exports;
  }
}

function readCache(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const data = bytes.subarray(HASH_BYTES);
    return hash(data).equals(bytes.subarray(0, HASH_BYTES)) ? data : undefined;
  } catch {
    return undefined; // there is none yet
  }
}

function hash(data: Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}

/** Takes away what other versions of Node or of the module left, and processes that were killed while they wrote. */
function removeOthers(cache: string): void {
  const folder = path.dirname(cache);
  for (const name of readdirSync(folder))
    if (name.includes(".cache")) rmSync(path.join(folder, name), { force: true });
}
