import type { IncomingMessage } from "node:http";
import { badRequest, ServingRefusal } from "./refusal";

/** Times the limit up to which a body that is too large is still read, and dropped: a client that sends would not hear the answer. */
const READ_AND_DROPPED = 32;

/**
 * The JSON of a request's body.
 *
 * @param limit - in bytes: of a larger body no more than that is ever held
 * @throws ServingRefusal (413) for a larger one, (400) if it is not JSON
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > READ_AND_DROPPED * limit) throw tooLarge(announced, limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > READ_AND_DROPPED * limit) break;
  }
  if (size > limit) throw tooLarge(size, limit);
  if (size === 0) throw badRequest('The body is empty; expected JSON such as {"inputs": "a text"}.');
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))) as unknown;
  } catch (error) {
    const isText = error instanceof SyntaxError;
    throw badRequest(
      `The body is not ${isText ? "valid JSON" : "UTF-8"}; expected JSON such as {"inputs": "a text"}.`,
    );
  }
}

function tooLarge(size: number, limit: number): ServingRefusal {
  return new ServingRefusal(`The body has ${size} bytes or more; expected at most ${limit}.`, {
    status: 413,
    headers: { Connection: "close" },
  });
}
