import type { IncomingMessage } from "node:http";
import { boundedBody } from "../../runtime/bounded-body";
import { HubRefusal, badRequest } from "./refusal";

/** A JSON object whose values nobody has looked at. */
export type JsonObject = Record<string, unknown>;

const LARGEST_JSON = 16 * 1024 * 1024;

/**
 * A request's whole body.
 *
 * @param limit - in bytes
 * @throws HubRefusal (413) for a larger one
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const { size, body } = await boundedBody(request, { limit });
  if (size > limit)
    throw new HubRefusal(`The request has ${size} bytes; ${limit} at most are taken.`, { status: 413 });
  return body;
}

/** A request's body as an object: JSON, or a form (huggingface_hub sends paths-info as one), whose values are lists. */
export async function readObject(request: IncomingMessage): Promise<JsonObject> {
  const text = (await readBody(request, LARGEST_JSON)).toString("utf8");
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    const form = new URLSearchParams(text);
    return Object.fromEntries([...form.keys()].map((key) => [key, form.getAll(key)]));
  }
  return asObject(parseJson(text), "the body");
}

/** @throws HubRefusal (400) if it is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("The body is not valid JSON.");
  }
}

/** @throws HubRefusal (400) if it is not an object */
export function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest(`Expected ${name} to be an object.`);
  return value as JsonObject;
}

/** @throws HubRefusal (400) if it is not a list */
export function asList(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw badRequest(`Expected "${name}" to be a list.`);
  return value as unknown[];
}

/** @throws HubRefusal (400) if it is not a text */
export function asText(value: unknown, name: string): string {
  if (typeof value !== "string") throw badRequest(`Expected "${name}" to be a text.`);
  return value;
}

/** @throws HubRefusal (400) if it is not a number of bytes */
export function asSize(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw badRequest(`Expected "${name}" to be a number of bytes.`);
  return value;
}

/** @throws HubRefusal (400) if it is not a sha256 in hexadecimal */
export function asSha256(value: unknown): string {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value))
    throw badRequest(`Expected "oid" to be a sha256: 64 hexadecimal digits.`);
  return value;
}
