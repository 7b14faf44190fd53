import { LibError } from "../../runtime/errors";

/** What the Hub tells a client beside the status (`X-Error-Code`), so that it knows which thing is missing. */
export type ErrorCode = "RepoNotFound" | "RevisionNotFound" | "EntryNotFound" | "GatedRepo";

/** A request that the embedded Hub does not fulfil: the HTTP status, and the words that the client shows. */
export class HubRefusal extends LibError {
  /**
   * @param params - `body`: what the JSON of the answer holds beside `error`
   */
  constructor(
    message: string,
    readonly params: {
      status: number;
      code?: ErrorCode;
      headers?: Record<string, string>;
      body?: Record<string, unknown>;
    },
  ) {
    super(message);
  }
}

/** A request that is not of the protocol's form. */
export function badRequest(message: string): HubRefusal {
  return new HubRefusal(message, { status: 400 });
}

/** A branch, tag or commit that the repository has not. */
export function revisionNotFound(revision: string): HubRefusal {
  return new HubRefusal(`Invalid rev id: ${revision}`, { status: 404, code: "RevisionNotFound" });
}

/** A file or folder that the revision has not. */
export function entryNotFound(message = "Entry not found", headers: Record<string, string> = {}): HubRefusal {
  return new HubRefusal(message, { status: 404, code: "EntryNotFound", headers });
}
