// @ts-check
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What a story and its artefacts hold of text; a notebook may print each variable. */
const TEXT_FILE = /\.(ipynb|html|jsonl?|md|txt|csv)$/;

/**
 * Replaces a token in the text files of a folder, so that it leaves the machine in none of them.
 * @param {string} folder
 * @param {string | undefined} token
 * @returns {string[]} the files that held it, from the folder
 */
export function maskToken(folder, token) {
  if (!token) return [];
  const files = readdirSync(folder, { encoding: "utf8", recursive: true });
  return files.filter((name) => {
    if (!TEXT_FILE.test(name)) return false;
    const file = path.join(folder, name);
    const text = readFileSync(file, "utf8");
    if (!text.includes(token)) return false;
    writeFileSync(file, text.replaceAll(token, "***"));
    return true;
  });
}
