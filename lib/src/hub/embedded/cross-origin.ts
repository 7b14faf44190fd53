import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackOrigin } from "../../runtime/loopback";

/** The Spaces that this Hub serves; a page that somebody is working on has a name of loopback itself. */
const SPACE_ORIGIN = /^https?:\/\/([a-z0-9-]+\.)+localhost(:\d+)?$/;
const EXPOSED = [
  ...["X-Repo-Commit", "X-Request-Id", "X-Error-Code", "X-Error-Message", "X-Total-Count", "ETag"],
  ...["Accept-Ranges", "Content-Length", "Content-Range", "X-Linked-Size", "X-Linked-Etag"],
];

/**
 * Lets pages of this machine's other origins read what anybody may read (no token goes along). The real Hub lets every page do
 * so; here that would show a reader's repositories to whatever site the browser has open.
 *
 * @returns whether the request was a browser's question beforehand, which is answered with that
 */
export function allowReading(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  const isReading = ["GET", "HEAD", "OPTIONS"].includes(request.method ?? "");
  if (!isReading) return false;
  response.setHeader("Vary", "Origin");
  if (origin === undefined || !(SPACE_ORIGIN.test(origin) || isLoopbackOrigin(origin))) return false;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Expose-Headers", EXPOSED.join(", "));
  if (request.method !== "OPTIONS") return false;
  response.writeHead(204, {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "600",
  });
  response.end();
  return true;
}
