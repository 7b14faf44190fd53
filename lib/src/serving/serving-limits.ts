import { ArgumentError } from "../runtime/errors";

/** How much a server takes, and for how long it waits. */
export interface ServingLimits {
  /** Bytes of a request's body. */
  bodyBytes: number;
  /** Texts of one request. */
  textsPerRequest: number;
  /** UTF-16 units of one text; what the model does not read of it is cut off. */
  charactersPerText: number;
  /** Texts that wait for the model, of all requests together. */
  waitingTexts: number;
  /** Texts of one forward pass. */
  textsPerPass: number;
  /** Tokens of one forward pass, padding included. */
  tokensPerPass: number;
  /** Connections that are open at once; with `bodyBytes` a bound on what they hold in memory. */
  connections: number;
  /** Seconds in which the head of a request must have come. */
  headerSeconds: number;
  /** Seconds in which a request must have come whole. */
  requestSeconds: number;
  /** Seconds that a request waits for its answer, queue and loading included. */
  answerSeconds: number;
  /** Seconds in which a client must have taken its answer. */
  takingSeconds: number;
  /** Seconds that one forward pass may take before its process counts as stuck. */
  passSeconds: number;
}

/** What a server takes where nothing else is said. */
export const DEFAULT_LIMITS: Readonly<ServingLimits> = {
  ...{ bodyBytes: 1024 * 1024, textsPerRequest: 128, charactersPerText: 100_000 },
  ...{ waitingTexts: 1024, textsPerPass: 32, tokensPerPass: 4096, connections: 512 },
  ...{ headerSeconds: 10, requestSeconds: 30, answerSeconds: 60, takingSeconds: 30, passSeconds: 120 },
};

/**
 * The limits with those that are given in place of the defaults.
 *
 * @throws ArgumentError for one that is no number above 0
 */
export function servingLimits(given: Partial<ServingLimits>): ServingLimits {
  for (const [name, value] of Object.entries(given))
    if (!(value > 0)) throw new ArgumentError(`limits.${name} is ${value}; expected a number above 0.`);
  return { ...DEFAULT_LIMITS, ...given };
}
