import type { Hash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { etagHash } from "./etag-hash";
import { isFree, ownPart, takeFreePart } from "./free-part";
import type { RepoFile } from "./repo-files";

/**
 * What has come of a blob so far, in `blobs/<etag>.incomplete`, where huggingface_hub up to its 1.17 leaves it and looks for it;
 * later ones begin anew each time.
 *
 * While it is written to, it has a name of this process's own, so that two which download the same do it side by side, each the
 * whole. Python takes a lock for it that Node does not have (`flock`), and has given up relying on it: some shared disks grant it
 * to everybody, and then two write into one file.
 */
export class IncompleteBlob {
  readonly #target: string;
  readonly #part: string;
  readonly #expected: RepoFile;
  readonly #file: FileHandle;
  #hash: Hash;
  #size = 0;

  private constructor(params: { target: string; part: string; expected: RepoFile; file: FileHandle }) {
    this.#target = params.target;
    this.#part = params.part;
    this.#expected = params.expected;
    this.#file = params.file;
    this.#hash = etagHash(params.expected);
  }

  /** Goes on with what another download left of a blob, or begins it. */
  static async open(target: string, expected: RepoFile): Promise<IncompleteBlob> {
    mkdirSync(path.dirname(target), { recursive: true });
    const part = ownPart(target);
    takeFreePart(target, part);
    const blob = new IncompleteBlob({ target, part, expected, file: await open(part, "a") });
    try {
      await blob.#readAgain();
    } catch (error) {
      await blob.leave();
      throw error;
    }
    return blob;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Adds bytes at the end. */
  async append(chunk: Uint8Array): Promise<void> {
    await this.#file.appendFile(chunk);
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }

  /** Throws away what has come. */
  async empty(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = etagHash(this.#expected);
    this.#size = 0;
  }

  /** The hash of all that has come, to compare with the etag. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Makes it the blob. */
  async finish(): Promise<void> {
    await this.#file.close();
    renameSync(this.#part, this.#target);
  }

  /** Leaves it for the next download, here or in Python. Does nothing once it was finished or removed. */
  async leave(): Promise<void> {
    await this.#file.close();
    const size = statSync(this.#part, { throwIfNoEntry: false })?.size;
    if (size === undefined) return;
    const shared = `${this.#target}.incomplete`;
    const other = statSync(shared, { throwIfNoEntry: false });
    const isNeeded = other ? isFree(shared) && other.size < size : size > 0;
    if (!isNeeded || existsSync(this.#target)) {
      rmSync(this.#part);
      return;
    }
    // as old as can be, so that whoever comes next need not wait to see whether somebody writes to it
    utimesSync(this.#part, 0, 0);
    renameSync(this.#part, shared);
  }

  /** Takes it away. */
  async remove(): Promise<void> {
    await this.#file.close();
    rmSync(this.#part, { force: true });
  }

  async #readAgain(): Promise<void> {
    for await (const chunk of createReadStream(this.#part) as AsyncIterable<Buffer>) {
      this.#hash.update(chunk);
      this.#size += chunk.length;
    }
    if (this.#size > this.#expected.size) await this.empty();
  }
}
