import { writeFileSync } from "node:fs";
import path from "node:path";

const SPECIAL = ["[PAD]", "[CLS]", "[SEP]", "[UNK]"];
const WORDS = ["good", "bad", "film", "the", "a", "is", "was", "not", "very", "and", ".", "!"];

/** Writes a tokenizer of a few words for a tiny model, as transformers lays it out; all other words are unknown to it. */
export function writeTinyTokenizer(folder: string): string {
  const tokens = [...SPECIAL, ...WORDS];
  const id = (token: string): number => tokens.indexOf(token);
  const added = SPECIAL.map((content) => {
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
    return { id: id(content), content, ...flags };
  });
  const tokenizer = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: {
      type: "BertNormalizer",
      ...{ clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", sep: ["[SEP]", id("[SEP]")], cls: ["[CLS]", id("[CLS]")] },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      ...{ unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
      vocab: Object.fromEntries(tokens.map((token) => [token, id(token)])),
    },
  };
  const config = { tokenizer_class: "BertTokenizer", pad_token: "[PAD]", model_max_length: 16 };
  writeFileSync(path.join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  writeFileSync(path.join(folder, "tokenizer_config.json"), JSON.stringify(config));
  return folder;
}
