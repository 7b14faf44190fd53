import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isSameSecret } from "../../runtime/same-secret";
import { HubRefusal, type ErrorCode } from "./refusal";

/** Who may do what: the token that writing needs, and signatures of uploads, which clients send without a token. */
export class HubAccess {
  readonly user: string;
  readonly #token: string | undefined;
  readonly #key = randomBytes(32);

  /** @param params - without `token` nobody may write */
  constructor(params: { token: string | undefined; user: string }) {
    this.user = params.user;
    this.#token = params.token;
  }

  /**
   * Whether a request carries the token; a request without any may still read.
   *
   * @throws HubRefusal (401) if it carries a wrong one, as the Hub does for reading too
   */
  isUser(request: IncomingMessage): boolean {
    const { authorization } = request.headers;
    if (authorization === undefined) return false;
    // git gives it as a password, whoever the user is
    const [, basic] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(authorization) ?? [];
    const password =
      basic &&
      Buffer.from(basic, "base64")
        .toString("utf8")
        .replace(/^[^:]*:/, "");
    const given = password === undefined ? authorization : `Bearer ${password}`;
    if (this.#token !== undefined && isSameSecret(given, `Bearer ${this.#token}`)) return true;
    throw unauthorised("Invalid credentials in Authorization header");
  }

  /** @throws HubRefusal (401) for a request without the token */
  requireUser(request: IncomingMessage): void {
    if (!this.isUser(request)) throw unauthorised("Invalid username or password.");
  }

  /** A signature that lets its bearer do that one upload, until this Hub is closed. */
  sign(upload: string): string {
    return createHmac("sha256", this.#key).update(upload).digest("hex");
  }

  /** @throws HubRefusal (403) unless the signature is of that upload */
  requireSignature(upload: string, signature: string): void {
    if (!isSameSecret(signature, this.sign(upload)))
      throw new HubRefusal("The upload's signature does not fit: ask the LFS batch endpoint for a new one.", {
        status: 403,
      });
  }
}

/** The Hub's 401, for a token that is missing or wrong. */
export function unauthorised(message: string, code?: ErrorCode): HubRefusal {
  const headers = { "WWW-Authenticate": 'Bearer realm="Authentication required", charset="UTF-8"' };
  return new HubRefusal(message, { status: 401, headers, ...(code && { code }) });
}
