import { LibError } from "../runtime/errors";

/** A request that the server does not fulfil: the HTTP status, and the words that the client shows. */
export class ServingRefusal extends LibError {
  /**
   * @param params - `body`: what the JSON of the answer holds beside `error`
   */
  constructor(
    message: string,
    readonly params: { status: number; headers?: Record<string, string>; body?: Record<string, unknown> },
  ) {
    super(message);
  }
}

/** A request that is not of the API's form. */
export function badRequest(message: string): ServingRefusal {
  return new ServingRefusal(message, { status: 400 });
}
