/** Tokenization of 25,000 reviews against Rust's `tokenizers` with all threads: `npm run bench -- tokenization`. */
import { performance } from "node:perf_hooks";
import { Tokenizer } from "../../lib/src/tokenization/tokenizer";
import { compete, type Row } from "./contest";
import { ENCODER, NO_IMDB, reviews } from "./fixtures";

const REVIEWS = 25_000;
const UNLIMITED = { maxLength: 1_000_000 };

interface Run {
  seconds: number;
  tokens: number;
}

const row: Row = {
  name: `${REVIEWS.toLocaleString("en")} reviews of IMDB, uncut`,
  unit: "s",
  missing: NO_IMDB,
  open: async (python) => {
    const { rows, textsFile: file } = await reviews(REVIEWS);
    const texts = rows.map(({ text }) => text);
    const rivals = { encode_batch: false, encode_batch_fast: true };
    for (const [name, fast] of Object.entries(rivals))
      await python.ask("open", { name, kind: "tokenization", model: ENCODER, file, fast });
    let tokens = 0;
    const theirs = (name: string) => async () => {
      const run = await python.ask<Run>("run", { name });
      if (run.tokens !== tokens) throw new Error(`${name} found ${run.tokens} tokens, we ${tokens}`);
      return run.seconds;
    };
    return {
      ours: async () => {
        // read anew: what it keeps of words seen before is part of the work
        const tokenizer = Tokenizer.fromFolder(ENCODER);
        const begin = performance.now();
        const encodings = await tokenizer.encodeBatch(texts, UNLIMITED);
        const seconds = (performance.now() - begin) / 1000;
        tokens = encodings.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
        return seconds;
      },
      others: Object.fromEntries(Object.keys(rivals).map((name) => [`Rust's ${name}`, theirs(name)])),
    };
  },
};

void compete("tokenization", () => [row]);
