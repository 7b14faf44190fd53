import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically } from "../runtime/atomic-file";

/** What a file was when the checkpoint was written. */
interface FileRecord {
  bytes: number;
  sha256: string;
}

const MANIFEST = "checkpoint.json";

/** Writes `checkpoint.json`, the size and the digest of every other file of a folder: last, because it vouches for all of them. */
export function writeManifest(folder: string): void {
  const names = readdirSync(folder).sort();
  const files = Object.fromEntries(names.map((name) => [name, recordOf(path.join(folder, name))]));
  writeFileAtomically(path.join(folder, MANIFEST), `${JSON.stringify({ files }, null, 2)}\n`);
}

/** What is wrong with a checkpoint, in words that follow its name; `undefined` where every file is what was written. */
export function damageOf(folder: string): string | undefined {
  const files = readManifest(folder);
  if (typeof files === "string") return files;
  // sizes first: most damage shows there, and a digest takes a second for every gigabyte
  for (const [name, { bytes }] of Object.entries(files)) {
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false })?.size;
    if (found === undefined) return `lacks ${name}`;
    if (found !== bytes) return `has ${name} with ${found} bytes, and ${bytes} were written`;
  }
  const changed = Object.entries(files).find(
    ([name, { sha256 }]) => recordOf(path.join(folder, name)).sha256 !== sha256,
  );
  return changed && `has ${changed[0]} with other contents than were written (sha256)`;
}

/** The records of a manifest, or what is wrong with it. */
function readManifest(folder: string): Record<string, FileRecord> | string {
  let text: string;
  try {
    text = readFileSync(path.join(folder, MANIFEST), "utf8");
  } catch {
    return `has no ${MANIFEST}, which lists the files of every checkpoint that a Trainer here writes`;
  }
  try {
    const { files } = JSON.parse(text) as { files?: Record<string, FileRecord> };
    if (files && Object.values(files).every((record) => Number.isInteger(record.bytes))) return files;
  } catch {
    // not JSON: said below
  }
  return `has a ${MANIFEST} that cannot be read`;
}

function recordOf(file: string): FileRecord {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(1 << 20);
  const descriptor = openSync(file, "r");
  try {
    let bytes = 0;
    for (let read = 1; read > 0; bytes += read) {
      read = readSync(descriptor, chunk);
      hash.update(chunk.subarray(0, read));
    }
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    closeSync(descriptor);
  }
}
