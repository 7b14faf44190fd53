import type { IncomingMessage } from "node:http";

/**
 * A request's body, of which no more than `limit` bytes are ever held. The rest of a larger one is read and dropped, since a client that
 * is still sending would not hear the answer: up to `patience` bytes, all where nothing is said.
 *
 * @returns the bytes that came, and the body, which is empty if they are more than the limit
 */
export async function boundedBody(
  request: IncomingMessage,
  { limit, patience = Infinity }: { limit: number; patience?: number },
): Promise<{ size: number; body: Buffer }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > patience) break;
  }
  return { size, body: Buffer.concat(chunks) };
}
