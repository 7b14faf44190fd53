import { HubApiError } from "@huggingface/hub";
import { watchInterrupt } from "../runtime/interrupt";
import { capitalised, HubError, shownHub, shownRepo, toHubError, type HubTask } from "./hub-error";
import type { HubSettings } from "./hub-options";

/** A way to a Hub while one task lasts: what every function of @huggingface/hub takes. */
export interface HubSession {
  hubUrl: string;
  accessToken?: string;
  /** Throws where the answer is a refusal, which the library would otherwise report without the Hub's error code. */
  fetch: typeof fetch;
  /** Aborts when the cell is interrupted. */
  abortSignal: AbortSignal;
}

const INTERRUPT_POLL_MS = 100;

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
  const { hubUrl, accessToken } = settings;
  const refusing: typeof fetch = async (input, init) => {
    const signal = init?.signal ? AbortSignal.any([init.signal, abortSignal]) : abortSignal;
    const response = await settings.fetch(input, { ...init, signal });
    if (!response.ok) throw await refusal(response);
    return response;
  };
  return { hubUrl, ...(accessToken === undefined ? {} : { accessToken }), fetch: refusing, abortSignal };
}

async function refusal(response: Response): Promise<HubApiError> {
  const { headers } = response;
  const text = await response.text();
  const message = headers.get("X-Error-Message") ?? errorField(text) ?? text;
  const id = headers.get("X-Request-Id") ?? undefined;
  const error = new HubApiError(response.url, response.status, id, message || response.statusText);
  error.data = { errorCode: headers.get("X-Error-Code") };
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
