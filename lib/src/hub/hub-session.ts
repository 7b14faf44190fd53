import { HubApiError } from "@huggingface/hub";
import { watchInterrupt } from "../runtime/interrupt";
import { capitalised, HubError, shownHub, shownRepo, toHubError, type HubTask } from "./hub-error";
import type { HubSettings } from "./hub-options";
import { isPassing, passingStatus } from "./network-failure";
import { retryAfter, withRetries } from "./retries";

/** A way to a Hub while one task lasts: what every function of @huggingface/hub takes. */
export interface HubSession {
  hubUrl: string;
  accessToken?: string;
  /**
   * Answers once the whole answer is there, after several tries if need be and if a request does no harm when it arrives twice.
   * Throws where the answer is a refusal, which the library would otherwise report without the Hub's error code.
   */
  fetch: typeof fetch;
  /** The same, tried once, with the answer's body still to come. */
  open: typeof fetch;
  /** Milliseconds before each further try. */
  retryDelays: readonly number[];
  /** Aborts when the cell is interrupted. */
  abortSignal: AbortSignal;
}

/**
 * The token of whoever asks.
 *
 * @param need what for, as the message goes on
 * @throws HubError if there is none
 */
export function requiredToken({ accessToken }: HubSettings, need: string): string {
  if (accessToken !== undefined) return accessToken;
  throw new HubError("no-token", `HF_TOKEN is not set${need}: set it, or run \`hf auth login\`.`);
}

const INTERRUPT_POLL_MS = 100;
/** Questions that are asked by POST, and large files, which are named by their content. */
const REPEATABLE_POST = /\/(preupload|paths-info)\/|\/info\/lfs\/objects\/(batch|verify)$/;

/**
 * Does some work with a Hub. An interrupt ends it at once, whatever it waits for.
 *
 * @throws HubError in one line, whatever went wrong
 * @throws InterruptedError if the reader interrupted it
 */
export async function withHub<T>(
  task: HubTask,
  settings: HubSettings,
  work: (session: HubSession) => Promise<T>,
): Promise<T> {
  if (settings.offlineBy !== undefined)
    throw new HubError(
      "unreachable",
      `${settings.offlineBy} is set, so ${task.doing} the ${shownRepo(task.repo)} did not ask ${shownHub(settings)}: unset it.`,
    );
  const interruption = new AbortController();
  const check = watchInterrupt();
  const timer = setInterval(() => {
    check(`${capitalised(task.doing)} the ${shownRepo(task.repo)}`).catch((reason: unknown) => {
      interruption.abort(reason);
    });
  }, INTERRUPT_POLL_MS);
  try {
    return await work(sessionOf(settings, interruption.signal));
  } catch (error) {
    // what an aborted request throws depends on where it was
    throw toHubError(interruption.signal.aborted ? interruption.signal.reason : error, task, settings);
  } finally {
    clearInterval(timer);
  }
}

/** Headers that say who asks, for requests that the library has no function for. */
export function authorization({ accessToken }: HubSession): Record<string, string> {
  return accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
}

function sessionOf(settings: HubSettings, abortSignal: AbortSignal): HubSession {
  const { hubUrl, accessToken, retryDelays } = settings;
  const signalOf = (init?: RequestInit): AbortSignal =>
    init?.signal ? AbortSignal.any([init.signal, abortSignal]) : abortSignal;
  const open: typeof fetch = async (input, init) => {
    const response = await settings.fetch(input, { ...init, signal: signalOf(init) });
    if (!response.ok) throw await refusal(response);
    return response;
  };
  const retrying: typeof fetch = (input, init) =>
    withRetries(async () => wholeAnswer(await open(input, init)), {
      delays: retryDelays,
      signal: signalOf(init),
      mayRepeat: (error) => {
        // what the Hub has no time for it has not begun
        if (passingStatus(error) === 429) return true;
        return isRepeatable(input, init) && isPassing(error);
      },
    });
  return {
    ...{ hubUrl, fetch: retrying, open, retryDelays, abortSignal },
    ...(accessToken === undefined ? {} : { accessToken }),
  };
}

/** Whether a request that arrives twice does what it does once. */
function isRepeatable(input: Parameters<typeof fetch>[0], { method = "GET" }: RequestInit = {}): boolean {
  if (method !== "POST") return ["GET", "HEAD", "PUT"].includes(method);
  const address = input instanceof Request ? input.url : String(input);
  return REPEATABLE_POST.test(new URL(address).pathname);
}

/** The answer with its body, so that a connection that breaks in the middle of it is noticed while it can be asked for again. */
async function wholeAnswer(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.arrayBuffer();
  return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
}

async function refusal(response: Response): Promise<HubApiError> {
  const { headers } = response;
  const text = await response.text();
  const message = headers.get("X-Error-Message") ?? errorField(text) ?? text;
  const id = headers.get("X-Request-Id") ?? undefined;
  const error = new HubApiError(response.url, response.status, id, message || response.statusText);
  error.data = { errorCode: headers.get("X-Error-Code"), retryAfter: retryAfter(headers) ?? null };
  return error;
}

function errorField(text: string): string | undefined {
  try {
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: unknown };
    return [error, message].find((words) => typeof words === "string");
  } catch {
    return undefined;
  }
}
