// @ts-check
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { ROOT } from "../setup/paths.mjs";

/**
 * Compares the IMDB files with what data/imdb.json knows of them.
 * @param {string | undefined} folder of `IMDB_DIR`
 * @returns {Promise<string>}
 * @throws Error saying what is missing or wrong
 */
export async function describeImdb(folder) {
  if (!folder) throw new Error("IMDB_DIR is not set (the default profile does without)");
  const text = readFileSync(path.join(ROOT, "data/imdb.json"), "utf8");
  const { splits } = /** @type {{ splits: Record<string, { file: string, sha256: string }> }} */ (
    JSON.parse(text)
  );
  for (const { file, sha256 } of Object.values(splits)) {
    const whole = path.join(folder, file);
    if (!existsSync(whole)) throw new Error(`IMDB_DIR holds no ${file}`);
    const hash = createHash("sha256");
    await pipeline(createReadStream(whole), hash);
    if (hash.digest("hex") !== sha256)
      throw new Error(`${file} in IMDB_DIR is not the file of data/imdb.json`);
  }
  return `${Object.keys(splits).length} files, checksums right`;
}
