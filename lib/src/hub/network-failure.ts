import { HubApiError } from "@huggingface/hub";

/** Statuses of a server that may answer otherwise soon (huggingface_hub's `http_backoff`). */
const PASSING = [429, 500, 502, 503, 504];

/** A connection that was there and broke, or fell silent. One that never came about is not among them: a cache stands in at once. */
const BROKEN = [
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
];

/** An answer that ended, as if it were whole, before all of it was there. */
export class CutShortError extends Error {
  /** What is shown in place of a system's code. */
  readonly code = "the answer ended too early";
}

/** The status of a refusal that may pass, such as 503. */
export function passingStatus(error: unknown): number | undefined {
  return error instanceof HubApiError && PASSING.includes(error.statusCode) ? error.statusCode : undefined;
}

/** Whether a connection broke on the way: whether the request arrived, nobody knows. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN.includes(systemCode(error) ?? "");
}

/** Whether a request may have failed for a moment only: the Hub was out of order, or the connection broke. */
export function isPassing(error: unknown): boolean {
  return passingStatus(error) !== undefined || isBrokenConnection(error);
}

/** Whether the network failed in any way, or none was there. */
export function isNetworkFailure(error: unknown): boolean {
  return !isFileError(error) && systemCode(error) !== undefined;
}

/** An error of the file system names the system call that failed, one of the network the host as well. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "errno" in error && !("address" in error);
}

/** What the system calls a failure, such as `ECONNREFUSED`, which fetch hides in causes. */
export function systemCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1)
    if ("code" in at && typeof at.code === "string") return at.code;
  return undefined;
}
