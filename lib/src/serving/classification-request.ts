import { nearestName } from "../runtime/nearest-name";
import { SCORE_FUNCTIONS, type ScoreFunction } from "./ranked-labels";
import { badRequest, ServingRefusal } from "./refusal";
import type { ServingLimits } from "./serving-limits";

/** What a client asks, checked. */
export interface ClassificationRequest {
  texts: string[];
  /** How many labels of each text it wants. */
  topK: number;
  /** What makes its scores; undefined where the model's own choice will do. */
  apply: ScoreFunction | undefined;
  /** Whether a text that is too long is cut (as it is by default), or refused. */
  truncate: boolean;
  /** Tokens of a text that the model shall read; undefined for as many as the server reads. */
  maxLength: number | undefined;
  /** Whether it would wait for a model that is not there yet. */
  waitForModel: boolean;
}

/** The last is what a tokenizer would do with texts side by side: here they are padded by what a pass needs. */
const PARAMETERS = ["top_k", "function_to_apply", "truncation", "max_length", "padding"];
/** As many as the Inference API ranks for a single text; of a list it gives the best alone. */
const DEFAULT_TOP_K = 5;
/** transformers' names of what to cut; here is one text, so they mean the same. */
const TRUNCATIONS: unknown[] = ["longest_first", "only_first", "only_second"];

type JsonObject = Record<string, unknown>;

/**
 * Reads a request to the Hugging Face Inference API for text-classification: `{ inputs, parameters?, options? }`.
 *
 * @throws ServingRefusal (400) for what is not of that form, (413) for more texts or longer ones than the limits allow
 */
export function parseClassificationRequest(body: unknown, limits: ServingLimits): ClassificationRequest {
  const { inputs, parameters = {}, options = {} } = asObject(body, "The body");
  if (inputs === undefined)
    throw badRequest(
      'Body needs to provide a inputs key: expected {"inputs": "a text"} or {"inputs": ["one", "another"]}.',
    );
  const texts = textsOf(inputs, limits);
  const { top_k, function_to_apply, truncation, max_length } = readParameters(parameters);
  const { wait_for_model = false } = asObject(options ?? {}, "`options`");
  if (typeof wait_for_model !== "boolean")
    throw wrong("`wait_for_model` in `options`", wait_for_model, "true or false");
  return {
    texts,
    topK: topKOf(top_k, typeof inputs === "string"),
    apply: functionOf(function_to_apply),
    truncate: truncationOf(truncation),
    maxLength: maxLengthOf(max_length),
    waitForModel: wait_for_model,
  };
}

function textsOf(inputs: unknown, limits: ServingLimits): string[] {
  const texts: unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  if (texts.length === 0) throw badRequest("`inputs` is an empty list; expected at least one text.");
  if (texts.length > limits.textsPerRequest)
    throw new ServingRefusal(
      `\`inputs\` has ${texts.length} texts; expected at most ${limits.textsPerRequest} a request.`,
      { status: 413 },
    );
  return texts.map((text, at) => {
    const name = Array.isArray(inputs) ? `\`inputs[${at}]\`` : "`inputs`";
    if (typeof text !== "string") throw wrong(name, text, "a text, or a list of texts");
    if (text.trim() === "")
      throw badRequest(`${name} is empty; expected a text with at least one character.`);
    if (text.length > limits.charactersPerText)
      throw new ServingRefusal(
        `${name} has ${text.length} characters; expected at most ${limits.charactersPerText}.`,
        { status: 413 },
      );
    return text;
  });
}

function readParameters(parameters: unknown): JsonObject {
  const read = asObject(parameters ?? {}, "`parameters`");
  const unknown = Object.keys(read).find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined)
    throw badRequest(
      `\`${shorten(unknown)}\` in \`parameters\` is not known; expected ${PARAMETERS.join(", ")}; the nearest is ${nearestName(shorten(unknown), PARAMETERS)}.`,
    );
  return read;
}

function topKOf(value: unknown, isSingle: boolean): number {
  if (value === undefined) return isSingle ? DEFAULT_TOP_K : 1;
  // as in transformers: all of them
  if (value === null) return Infinity;
  if (!Number.isInteger(value) || (value as number) < 1)
    throw wrong("`top_k` in `parameters`", value, "a whole number above 0, or null for all labels");
  return value as number;
}

function functionOf(value: unknown): ScoreFunction | undefined {
  if (value === undefined || value === null) return undefined;
  const found = SCORE_FUNCTIONS.find((name) => name === value);
  if (!found) throw wrong("`function_to_apply` in `parameters`", value, SCORE_FUNCTIONS.join(", "));
  return found;
}

function truncationOf(value: unknown): boolean {
  if (value === undefined || value === null || value === true || TRUNCATIONS.includes(value)) return true;
  if (value === false || value === "do_not_truncate") return false;
  throw wrong("`truncation` in `parameters`", value, `true, false, ${TRUNCATIONS.join(", ")}`);
}

function maxLengthOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  // the two special tokens and one of the text
  if (!Number.isInteger(value) || (value as number) < 3)
    throw wrong("`max_length` in `parameters`", value, "a whole number of at least 3");
  return value as number;
}

function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(name, value, "an object");
  return value as JsonObject;
}

function wrong(name: string, value: unknown, expected: string): ServingRefusal {
  return badRequest(`${name} is ${shownValue(value)}; expected ${expected}.`);
}

/** A value as an error may show it: never a whole text of somebody's. */
function shownValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
