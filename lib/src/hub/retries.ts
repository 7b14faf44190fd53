import { setTimeout } from "node:timers/promises";
import { HubApiError } from "@huggingface/hub";

/** Milliseconds to wait before each further try, where nothing else is said (huggingface_hub's `http_backoff`). */
export const RETRY_DELAYS: readonly number[] = [1_000, 2_000, 4_000, 8_000];

/** The Hub counts requests in windows of five minutes; whoever shall wait for longer had better be told. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** Something that failed as often as it was tried. */
export class TriedInVainError extends Error {
  constructor(
    /** At least 2. */
    readonly tries: number,
    /** What the last try threw. */
    override readonly cause: unknown,
  ) {
    super("tried in vain", { cause });
  }
}

/**
 * Does some work, and again after a while where it failed in a way that may pass. A Hub that says how long to wait is obeyed.
 *
 * @param work - may call `gotOn` when it has come further than before: tries are counted anew from there
 * @param params - `delays`: milliseconds before each further try; `signal` ends waiting at once; `mayRepeat`: whether an error may
 *   pass, and doing the work twice does no harm
 * @throws TriedInVainError if the last of several tries failed so; what the work threw otherwise
 */
export async function withRetries<T>(
  work: (gotOn: () => void) => Promise<T>,
  params: { delays: readonly number[]; signal: AbortSignal; mayRepeat: (error: unknown) => boolean },
): Promise<T> {
  const { delays, signal, mayRepeat } = params;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work(() => (tries = 1));
    } catch (error) {
      if (signal.aborted || !mayRepeat(error)) throw error;
      const wait = Math.max(delays[tries - 1] ?? Infinity, 1_000 * (secondsToWait(error) ?? 0));
      if (wait > LONGEST_WAIT_MS) throw tries > 1 ? new TriedInVainError(tries, error) : error;
      await setTimeout(wait, undefined, { signal });
    }
  }
}

/** After how many seconds a Hub that refused a request wants it again, if it said so. */
export function secondsToWait(error: unknown): number | undefined {
  const seconds = error instanceof HubApiError ? error.data?.["retryAfter"] : undefined;
  return typeof seconds === "number" ? seconds : undefined;
}

/** Seconds that an answer's headers ask to wait: `Retry-After`, or the Hub's `RateLimit` where nothing remains. */
export function retryAfter(headers: Headers): number | undefined {
  const asked = headers.get("Retry-After")?.trim() ?? "";
  if (/^\d+$/.test(asked)) return Number(asked);
  const moment = Date.parse(asked);
  if (!Number.isNaN(moment)) return Math.max(0, Math.ceil((moment - Date.now()) / 1_000));
  // such as "api";r=0;t=55
  const reset = /;\s*r=0\s*;\s*t=(\d+)/.exec(headers.get("RateLimit") ?? "")?.[1];
  return reset === undefined ? undefined : Number(reset);
}
