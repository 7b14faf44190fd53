import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ServingRefusal } from "./refusal";

/** Whether an address to listen on is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|::1)$/.test(host);
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/;

/**
 * A page of somewhere else may let its own name lead to this machine, to ask what its reader's browser can reach; or post to
 * this machine's name unseen, which would fill the log with texts that nobody meant.
 *
 * @throws ServingRefusal (421) for a request to another name than loopback's, (403) for one from a page of another
 */
export function checkCaller({ headers: { host = "", origin } }: IncomingMessage): void {
  if (!LOOPBACK.test(host))
    throw new ServingRefusal(
      "The server is asked as 127.0.0.1 or localhost alone: start it with --host for other names.",
      { status: 421 },
    );
  if (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//, "")))
    throw new ServingRefusal("The server is not for pages of other machines.", { status: 403 });
}

/** @throws ServingRefusal (401) for a request without the token, or with another */
export function checkToken({ headers: { authorization } }: IncomingMessage, token: string): void {
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  // digests are of one length, and comparing them takes one time
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return;
  const message =
    given === undefined
      ? "Authorization header is missing: expected Bearer and the server's token."
      : "Invalid credentials in Authorization header";
  throw new ServingRefusal(message, { status: 401, headers: { "WWW-Authenticate": "Bearer" } });
}
