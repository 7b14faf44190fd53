import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { ArgumentError, InterruptedError, ModelError } from "../../../lib/src/runtime/errors";
import { setProgressFactory } from "../../../lib/src/runtime/progress";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";
import { temporaryFolder } from "../temporary-folder";

const ENCODER = path.join(DOWNLOADS, "encoder");
const CLS = 101;
const SEP = 102;

describe("the packaged tokenizer", () => {
  const tokenizer = Tokenizer.fromFolder(ENCODER);

  it("gives transformers' ids, closed by [SEP], and the pieces' names", () => {
    const ids = [CLS, 1045, 2293, 2023, 3185, 999, SEP];
    assert.deepEqual(tokenizer.encode("I love this movie!", { maxLength: 7 }), {
      inputIds: ids,
      truncated: 0,
    });
    assert.deepEqual(tokenizer.tokens("I love this movie!"), [
      "[CLS]",
      "i",
      "love",
      "this",
      "movie",
      "!",
      "[SEP]",
    ]);
    assert.equal(tokenizer.padTokenId, 0);
  });

  it("cuts what is too long before [SEP], and says how much", () => {
    for (const [maxLength, kept] of [
      [6, [1045, 2293, 2023, 3185]],
      [3, [1045]],
    ] as const) {
      const { inputIds, truncated } = tokenizer.encode("I love this movie!", { maxLength });
      assert.deepEqual(inputIds, [CLS, ...kept, SEP]);
      assert.equal(truncated, 7 - maxLength);
    }
  });

  it("encodes a text without words", () => {
    assert.deepEqual(tokenizer.encode("", { maxLength: 3 }), { inputIds: [CLS, SEP], truncated: 0 });
  });

  it("names the ids of tokens, and refuses one that it does not know", () => {
    assert.deepEqual(tokenizer.convertTokensToIds(["[PAD]", "[UNK]", "[CLS]", "movie"]), [0, 100, CLS, 3185]);
    assert.throws(
      () => tokenizer.convertTokensToIds(["movie", "Movie"]),
      new ArgumentError('"Movie" is not in the vocabulary; expected a token as tokens() gives them.'),
    );
  });

  it("refuses a length without room for one word", () => {
    for (const maxLength of [0, 2, -1, 3.5, NaN, Infinity])
      assert.throws(
        () => tokenizer.encode("good", { maxLength }),
        new ArgumentError(
          `maxLength is ${maxLength}; expected a whole number of at least 3 ([CLS], one token, [SEP]).`,
        ),
      );
  });
});

describe("many texts", () => {
  const tokenizer = Tokenizer.fromFolder(ENCODER);
  const texts = Array.from({ length: 150 }, (_, index) => `film number ${index}`);
  afterEach(() => {
    setProgressFactory(undefined);
    Reflect.deleteProperty(globalThis, Symbol.for("jupyter.interrupt"));
  });

  it("are encoded in order as each alone, and counted to the end", async () => {
    const seen: (string | number)[] = [];
    setProgressFactory(({ label, total, unit }) => {
      seen.push(label, total, unit);
      return { update: (done) => seen.push(done), end: () => seen.push("end") };
    });
    const options = { maxLength: 4 };
    assert.deepEqual(
      await tokenizer.encodeBatch(texts, options),
      texts.map((text) => tokenizer.encode(text, options)),
    );
    assert.deepEqual(seen, ["Tokenizing", 150, "texts", 64, 128, 150, "end"]);
    assert.deepEqual(await tokenizer.encodeBatch([], options), []);
  });

  it("are given up when the reader interrupts", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, Symbol.for("jupyter.interrupt"), { value: flag, configurable: true });
    const seen: (string | number)[] = [];
    setProgressFactory(() => ({
      update: (done) => {
        seen.push(done);
        flag.requested = true;
      },
      end: () => seen.push("end"),
    }));
    await assert.rejects(tokenizer.encodeBatch(texts, { maxLength: 4 }), InterruptedError);
    assert.deepEqual(seen, [64, "end"]);
  });
});

describe("a tokenizer's folder", () => {
  const folder = temporaryFolder();
  const copy = (name: string): string => {
    const to = path.join(folder, name);
    mkdirSync(to);
    for (const file of ["tokenizer.json", "tokenizer_config.json"])
      cpSync(path.join(ENCODER, file), path.join(to, file));
    return to;
  };
  const refused = (from: string, message: RegExp) => {
    assert.throws(
      () => Tokenizer.fromFolder(from),
      (error) => {
        assert.ok(error instanceof ModelError, String(error));
        assert.match(error.message, message);
        assert.ok(!error.message.includes(folder), error.message);
        return true;
      },
    );
  };

  it("is written as it was read, to the byte", () => {
    const to = path.join(folder, "saved");
    Tokenizer.fromFolder(ENCODER).savePretrained(to);
    const files = readdirSync(to).sort();
    assert.deepEqual(files, [
      "special_tokens_map.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "vocab.txt",
    ]);
    for (const file of files)
      assert.deepEqual(readFileSync(path.join(to, file)), readFileSync(path.join(ENCODER, file)));
    const text = "Unwatchable, 10/10 naïve!";
    assert.deepEqual(Tokenizer.fromFolder(to).tokens(text), Tokenizer.fromFolder(ENCODER).tokens(text));
  });

  it("is read by its name only where it is a folder or a model's name", async () => {
    assert.equal((await Tokenizer.fromPretrained(ENCODER)).padTokenId, 0);
    await assert.rejects(
      Tokenizer.fromPretrained("no such/model name"),
      /is no folder here and cannot be a model/,
    );
  });

  it("without one of the two files is refused by its name", () => {
    for (const file of ["tokenizer.json", "tokenizer_config.json"]) {
      const from = copy(`without-${file}`);
      rmSync(path.join(from, file));
      refused(from, new RegExp(`has no usable ${file} \\(ENOENT\\); expected a model folder`));
    }
  });

  it("with something else in their place is refused", () => {
    for (const [index, content] of ["not JSON", "null", "[]", "{}", '{"model": 3}'].entries()) {
      const from = copy(`other-${index}`);
      writeFileSync(path.join(from, "tokenizer.json"), content);
      refused(from, /has no usable tokenizer\.json/);
    }
    const from = copy("other-config");
    writeFileSync(path.join(from, "tokenizer_config.json"), "null");
    refused(from, /has no usable tokenizer_config\.json/);
  });

  it("of another kind than BERT's is read by the package", () => {
    const from = copy("other-kind");
    const file = path.join(from, "tokenizer.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...json, pre_tokenizer: { type: "WhitespaceSplit" } }));
    const other = Tokenizer.fromFolder(from);
    // "movie!" is one word to it
    assert.deepEqual(other.tokens("this movie!"), ["[CLS]", "this", "movie", "##!", "[SEP]"]);
    assert.deepEqual(other.convertTokensToIds(["movie"]), [3185]);
  });

  it("may name its padding as older versions of transformers do", () => {
    const from = copy("older");
    writeFileSync(
      path.join(from, "tokenizer_config.json"),
      '{"pad_token": {"content": "[SEP]", "lstrip": false}}',
    );
    assert.equal(Tokenizer.fromFolder(from).padTokenId, SEP);
  });

  it("whose padding is not in the vocabulary is refused: padding with some other word is no padding", () => {
    const from = copy("no-padding");
    writeFileSync(path.join(from, "tokenizer_config.json"), '{"pad_token": "[NONE]"}');
    refused(from, /has no token "\[NONE\]", its pad_token/);
  });
});
