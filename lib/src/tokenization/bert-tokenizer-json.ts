import type { BertEncoderParams } from "./bert-encoder";

/** An object of tokenizer.json, of which nothing is known yet. */
type Json = Record<string, unknown>;

/**
 * What a tokenizer.json says of a tokenizer of BERT's kind: `BertNormalizer`, `BertPreTokenizer`, `WordPiece`, `[CLS]` before and `[SEP]` after.
 * `undefined` for every other, and for one with a setting that is not read here.
 */
export function bertEncoderParams(json: Json): BertEncoderParams | undefined {
  const normalizer = typed(json["normalizer"], "BertNormalizer");
  const model = typed(json["model"], "WordPiece");
  const addedTokens = plainTokens(json["added_tokens"]);
  if (!normalizer || !typed(json["pre_tokenizer"], "BertPreTokenizer") || !model || !addedTokens)
    return undefined;
  const vocab = idsOf(model["vocab"]);
  const around = aroundText(json["post_processor"]);
  const unkTokenId = vocab?.get(String(model["unk_token"]));
  const { continuing_subword_prefix: prefix = "##", max_input_chars_per_word: longest = 100 } = model;
  if (!vocab || !around || unkTokenId === undefined) return undefined;
  if (typeof prefix !== "string" || typeof longest !== "number") return undefined;
  const { lowercase = true, clean_text: cleanText = true, handle_chinese_chars: chinese = true } = normalizer;
  return {
    normalizer: {
      cleanText: cleanText === true,
      handleChineseChars: chinese === true,
      stripAccents: (normalizer["strip_accents"] ?? lowercase) === true,
      lowercase: lowercase === true,
    },
    model: {
      vocab,
      unkTokenId,
      continuingSubwordPrefix: prefix,
      maxInputCharsPerWord: longest,
    },
    addedTokens,
    ...around,
  };
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typed(value: unknown, type: string): Json | undefined {
  return isJson(value) && value["type"] === type ? value : undefined;
}

/** Ids by token; `undefined` where one is no number. */
function idsOf(value: unknown): Map<string, number> | undefined {
  if (!isJson(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, number] =>
    Number.isInteger(entry[1]),
  );
  return entries.length === Object.keys(value).length ? new Map(entries) : undefined;
}

/** Added tokens that are found in a text as it stands, in words too; `undefined` where one is looked for in another way. */
function plainTokens(value: unknown): Map<string, number> | undefined {
  const tokens = Array.isArray(value) ? value.filter(isJson) : [];
  // whether it takes the spaces beside it along makes no difference here: spaces have no ids
  const plain = tokens.every(
    ({ id, content, normalized, single_word: single }) =>
      Number.isInteger(id) &&
      typeof content === "string" &&
      content !== "" &&
      normalized === false &&
      single === false,
  );
  return plain ? new Map(tokens.map(({ id, content }) => [String(content), Number(id)])) : undefined;
}

/** The tokens before and after a text; `undefined` where there are not just these two. */
function aroundText(value: unknown): Pick<BertEncoderParams, "clsTokenId" | "sepTokenId"> | undefined {
  const [cls, sep] = idsAround(value);
  return cls === undefined || sep === undefined ? undefined : { clsTokenId: cls, sepTokenId: sep };
}

function idsAround(value: unknown): (number | undefined)[] {
  const bert = typed(value, "BertProcessing");
  if (bert)
    return [bert["cls"], bert["sep"]].map((pair) => (Array.isArray(pair) ? numberOf(pair[1]) : undefined));
  const template = typed(value, "TemplateProcessing");
  const { single, special_tokens: special } = template ?? {};
  if (!Array.isArray(single) || single.length !== 3 || !isJson(special)) return [];
  const [cls, text, sep] = single as unknown[];
  if (!isJson(text) || !isJson(text["Sequence"])) return [];
  return [cls, sep].map((part) => {
    const token =
      isJson(part) && isJson(part["SpecialToken"]) ? special[String(part["SpecialToken"]["id"])] : undefined;
    const ids: unknown = isJson(token) ? token["ids"] : undefined;
    return Array.isArray(ids) && ids.length === 1 ? numberOf(ids[0]) : undefined;
  });
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
