import type { IncomingMessage } from "node:http";
import { isLoopbackHost, isLoopbackOrigin } from "../runtime/loopback";
import { isSameSecret } from "../runtime/same-secret";
import { ServingRefusal } from "./refusal";

/**
 * A page of somewhere else may let its own name lead to this machine, to ask what its reader's browser can reach; or post to
 * this machine's name unseen, which would fill the log with texts that nobody meant.
 *
 * @throws ServingRefusal (421) for a request to another name than loopback's, (403) for one from a page of another
 */
export function checkCaller({ headers: { host = "", origin } }: IncomingMessage): void {
  if (!isLoopbackHost(host))
    throw new ServingRefusal(
      "The server is asked as 127.0.0.1 or localhost alone: start it with --host for other names.",
      { status: 421 },
    );
  if (origin !== undefined && !isLoopbackOrigin(origin))
    throw new ServingRefusal("The server is not for pages of other machines.", { status: 403 });
}

/**
 * A server that others reach by names it does not know: without a token, a page of elsewhere could post to it from its reader's browser.
 *
 * @throws ServingRefusal (403) for a request from a page of another host than the one that is asked
 */
export function checkOrigin({ headers: { host = "", origin } }: IncomingMessage): void {
  if (origin === undefined || origin.replace(/^https?:\/\//, "").toLowerCase() === host.toLowerCase()) return;
  throw new ServingRefusal("Without a token, the server is not for pages of other hosts.", { status: 403 });
}

/** @throws ServingRefusal (401) for a request without the token, or with another */
export function checkToken({ headers: { authorization } }: IncomingMessage, token: string): void {
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (given !== undefined && isSameSecret(given, token)) return;
  const message =
    given === undefined
      ? "Authorization header is missing: expected Bearer and the server's token."
      : "Invalid credentials in Authorization header";
  throw new ServingRefusal(message, { status: 401, headers: { "WWW-Authenticate": "Bearer" } });
}
