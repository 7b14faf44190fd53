import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { loadImdb } from "../../lib/src/data/imdb";
import { DOWNLOADS } from "../../lib/src/runtime/repository";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { ROOT } from "../environment/programs";
import { temporaryFolder } from "../lib/temporary-folder";
import { clientPython, runPython } from "./python-environment";

const ENCODER = path.join(DOWNLOADS, "encoder");
const SCRIPT = path.join(ROOT, "test/fixtures/make_tokenization_fixtures.py");
const UNLIMITED = { maxLength: 1_000_000 };

describe("tokenizing as Rust does, at length", () => {
  const python = clientPython();
  const tokenizer = Tokenizer.fromFolder(ENCODER);
  const folder = temporaryFolder();
  const ask = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await runPython({ python, args: [SCRIPT, ENCODER, ...args], env: process.env }));
  const assertIds = (text: string, ids: readonly number[]): void => {
    const { inputIds } = tokenizer.encode(text, UNLIMITED);
    if (inputIds.join() !== ids.join()) assert.deepEqual(inputIds, ids, JSON.stringify(text));
  };

  it("gives the same ids of random texts", async (test) => {
    const seed = `${Date.now() % 1_000_000}`;
    test.diagnostic(`seed ${seed}`);
    const texts = (await ask("--fuzz", seed, "50000")) as { text: string; ids: number[] }[];
    assert.equal(texts.length, 50_000);
    for (const { text, ids } of texts) assertIds(text, ids);
  });

  it("gives the same ids of every character", async () => {
    let count = 0;
    for (const [first, last, ids] of (await ask("--characters")) as [number, number, number[]][])
      for (let code = first; code <= last; code += 1, count += 1) {
        const char = String.fromCodePoint(code);
        assertIds(`a${char}b ${char}`, [101, ...ids, 102]);
      }
    assert.equal(count, 0x110000 - 0x800);
  });

  it("gives the same ids of 50,000 reviews", async (test) => {
    if (!process.env["IMDB_DIR"]) {
      test.skip("IMDB_DIR is not set");
      return;
    }
    for (const split of ["train", "test"] as const) {
      const texts = (await loadImdb(split)).rows.map(({ text }) => text);
      const file = path.join(folder, `${split}.json`);
      writeFileSync(file, JSON.stringify(texts));
      const ids = (await ask("--texts", file)) as number[][];
      assert.equal(ids.length, 25_000);
      for (const [index, text] of texts.entries()) assertIds(text, ids[index] ?? []);
    }
  });
});
