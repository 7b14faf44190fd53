import type { IncomingMessage } from "node:http";
import { boundedBody } from "../runtime/bounded-body";
import { badRequest, ServingRefusal } from "./refusal";

/** Times the limit up to which a body that is too large is still read, and dropped. */
const READ_AND_DROPPED = 32;

/**
 * The JSON of a request's body.
 *
 * @param limit - in bytes: of a larger body no more than that is ever held
 * @throws ServingRefusal (413) for a larger one, (400) if it is not JSON
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const patience = READ_AND_DROPPED * limit;
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > patience) throw tooLarge(announced, limit);
  const { size, body } = await boundedBody(request, { limit, patience });
  if (size > limit) throw tooLarge(size, limit);
  if (size === 0) throw badRequest('The body is empty; expected JSON such as {"inputs": "a text"}.');
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as unknown;
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
