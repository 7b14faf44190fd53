import { createReadStream, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { HubCall } from "./hub-call";
import { HubRefusal } from "./refusal";
import type { Content } from "./repository";

/** Bytes `start` to `end`, both of them included. */
interface ByteRange {
  start: number;
  end: number;
}

/**
 * Answers with a file's bytes, or with the part of them that the request's `Range` asks for (RFC 9110, 14).
 *
 * @throws HubRefusal (416) for a range that begins after the end
 */
export async function sendFile(
  call: HubCall,
  content: Content,
  headers: Record<string, string>,
): Promise<void> {
  const { request, response } = call.params;
  const size = "bytes" in content ? content.bytes.length : statSync(content.file).size;
  const range = parseRange(request.headers.range, size);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    ...headers,
    "Accept-Ranges": "bytes",
    "Content-Length": end - start + 1,
    "X-Content-Type-Options": "nosniff",
    ...(range && { "Content-Range": `bytes ${start}-${end}/${size}` }),
    // no range fits an empty file, and @huggingface/hub learns a file's size by asking for its first byte
    ...(!size && request.headers.range && { "Content-Range": "bytes */0" }),
  });
  if (request.method === "HEAD" || !size) response.end();
  else if ("bytes" in content) response.end(content.bytes.subarray(start, end + 1));
  else await pipeline(createReadStream(content.file, { start, end }), response);
}

/** The one range asked for; undefined (the whole file) for none, several, or another unit, as the standard allows. */
function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (!size || (!first && !last)) return undefined;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  if (first && last && Number(last) < start) return undefined;
  if (start >= size)
    throw new HubRefusal(`The range ${header ?? ""} begins after the file's ${size} bytes.`, {
      status: 416,
      headers: { "Content-Range": `bytes */${size}` },
    });
  return { start, end };
}
