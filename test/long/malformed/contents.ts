import type { Random } from "./random";
import { header, request, signed, type Malformed } from "./signed";

const text = (part: unknown): string => JSON.stringify(part);
const named = (what: string, part: unknown): string => `${what} ${text(part).slice(0, 300)}`;

const TEXTS = [
  "\ud800",
  "\udc00\ud83d",
  "a\u0000b",
  "",
  "__proto__",
  "\n\u001b[31m",
  "x".repeat(9999),
] as const;
const ODD = [null, 0, -1, 1e308, true, "text", [], [1], {}, { a: [] }, ...TEXTS] as const;
const NOT_JSON = [
  "",
  "{",
  "nul",
  "NaN",
  "'a'",
  "\ufeff{}",
  "{}{}",
  '{"a":1,}',
  "\u0000",
  "undefined",
] as const;
const REQUESTS = ["execute", "complete", "inspect", "is_complete", "kernel_info", "history"] as const;
const FIELDS = ["code", "silent", "store_history", "user_expressions", "stop_on_error", "cursor_pos"];
const UNKNOWN = [
  ...TEXTS,
  "execute_reply",
  "_request",
  "constructor",
  "toString_request",
  "input_reply",
  "comm_open",
  "debug_request",
] as const;
const POSITIONS = [
  "-1",
  "-1e300",
  "1e300",
  "9007199254740993",
  "1.5",
  "1e400",
  '"NaN"',
  "null",
  "{}",
] as const;
const CODES = ["Math.fl", "\ud83d\ude42.", "\ud800", "", "import"] as const;
const DEPTH = 10_000;
const OPENINGS = ["(", "[", "{", "!", "`${", "a?", "<T>", "x=>", "if(a)", "a.", "({a:"] as const;

/** A signed message of which a part is no JSON. */
export function notJson(random: Random, key: string): Malformed {
  const parts: (string | Buffer)[] = [text(header("execute_request")), "{}", "{}", '{"code":""}'];
  const at = random.below(4);
  const part = random.below(4) === 0 ? random.bytes(20) : random.pick(NOT_JSON);
  return { what: named(`part ${at} is`, part.toString()), frames: signed(key, parts.with(at, part)) };
}

/** A signed message of which a part is JSON, and something else than it should be. */
export function oddPart(random: Random, key: string): Malformed {
  const parts: unknown[] = [header("execute_request"), {}, {}, { code: "" }];
  const [at, part] = [random.below(4), random.pick(ODD)];
  return { what: named(`part ${at} is`, part), frames: signed(key, parts.with(at, part).map(text)) };
}

/** A signed request with something odd in its header, which is echoed to every client. */
export function oddHeader(random: Random, key: string): Malformed {
  const field = random.pick(["msg_id", "session", "username", "date", "msg_type", "version"]);
  const odd = { ...header("kernel_info_request"), [field]: random.pick(ODD) };
  const frames = signed(key, [text(odd), "{}", "{}", "{}"]);
  return { what: named("the header", odd), stranger: Buffer.alloc(0), frames };
}

/** A type that no kernel knows, or none on this channel. */
export function unknownType(random: Random, key: string): Malformed {
  if (random.below(5) === 0) {
    const frames = request(key, "execute_request", { code: "runs.unsigned += 1" });
    return { what: "a cell on control", channel: "control", frames };
  }
  const type = random.pick(UNKNOWN);
  return { what: named("the type", type), frames: request(key, type, {}) };
}

/** A request with fields missing, or of the wrong type. */
export function oddRequest(random: Random, key: string): Malformed {
  const type = `${random.pick(REQUESTS)}_request`;
  const fields = FIELDS.filter(() => random.below(2) === 0);
  const content = Object.fromEntries(fields.map((name) => [name, random.pick(ODD)]));
  return { what: named(type, content), channel: "shell", frames: request(key, type, content) };
}

/** A question about a place in a cell that does not exist. */
export function oddPosition(random: Random, key: string): Malformed {
  const type = `${random.pick(["complete", "inspect"])}_request`;
  const content = `{"code":${text(random.pick(CODES))},"cursor_pos":${random.pick(POSITIONS)}}`;
  const frames = signed(key, [text(header(type)), "{}", "{}", content]);
  return { what: `${type} ${content}`, channel: "shell", frames };
}

/** A part with JSON so deep that not everything that walks through it comes back. */
export function deepJson(random: Random, key: string): Malformed {
  const nested = "[".repeat(DEPTH) + "]".repeat(DEPTH);
  const deep = text({ ...header("kernel_info_request"), deep: 0 }).replace('"deep":0', `"deep":${nested}`);
  const parts = [text(header("kernel_info_request")), "{}", "{}", "{}"];
  const at = random.below(4);
  return {
    what: `part ${at} is ${DEPTH} deep`,
    stranger: Buffer.alloc(0),
    frames: signed(key, parts.with(at, deep)),
  };
}

/** Code so deep that no compiler comes back from it. */
export function deepCode(random: Random, key: string): Malformed {
  const type = `${random.pick(["execute", "complete", "inspect", "is_complete"])}_request`;
  const opening = random.pick(OPENINGS);
  const code = opening.repeat(DEPTH);
  const frames = request(key, type, { code, cursor_pos: code.length });
  return { what: `${type} with ${DEPTH} times ${opening}`, channel: "shell", frames };
}
