import { HubApiError, InvalidApiResponseFormatError } from "@huggingface/hub";
import { LibError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import type { HubSettings } from "./hub-options";
import { isFileError, systemCode } from "./network-failure";
import { secondsToWait, TriedInVainError } from "./retries";

/** Why a call to the Hub failed. */
export type HubFailure =
  /** Nobody answers, or only to say that nobody is there. */
  | "unreachable"
  | "no-token"
  | "not-allowed"
  | "no-repo"
  | "no-revision"
  | "no-file"
  /** Something else that the Hub would not do. */
  | "refused"
  /** What came is not what the Hub said it would send. */
  | "damaged"
  | "disk";

/** A call to the Hub that failed. Never holds the token, nor the request that carried it. */
export class HubError extends LibError {
  /** HTTP status of the answer, where there was one. */
  readonly statusCode: number | undefined;
  /** The Hub's number of the request, for its support. */
  readonly requestId: string | undefined;
  /** Path of the address that was asked, without host and query. */
  readonly urlPath: string | undefined;

  constructor(
    readonly failure: HubFailure,
    message: string,
    answer: Partial<Pick<HubError, "statusCode" | "requestId" | "urlPath">> = {},
  ) {
    super(message);
    this.statusCode = answer.statusCode;
    this.requestId = answer.requestId;
    this.urlPath = answer.urlPath;
  }
}

/** Something of the Hub's, by what it is and how it is called: `model`, `reader/story`. */
interface Named {
  type: string;
  name: string;
}

/** What was being done when a call failed. */
export interface HubTask {
  /** A gerund, such as `pushing`. */
  doing: string;
  /** What it was done to: a repository, or a job. */
  repo: Named;
  revision?: string;
  /** How often it was tried, if more than once. */
  tries?: number;
}

/** A repository as an error names it: `model reader/story`. */
export function shownRepo({ type, name }: Named): string {
  return `${type} ${name}`;
}

/** The Hub as an error names it. */
export function shownHub({ hubUrl }: Pick<HubSettings, "hubUrl">): string {
  return `The Hub at ${new URL(hubUrl).host}`;
}

/**
 * Turns whatever a call to the Hub threw into one line that says what to do. The original does not go along: it may carry the
 * request's headers, or a path of this machine.
 */
export function toHubError(error: unknown, task: HubTask, settings: HubSettings): LibError {
  if (error instanceof LibError) return error;
  if (error instanceof TriedInVainError)
    return toHubError(error.cause, { ...task, tries: error.tries }, settings);
  if (error instanceof HubApiError) return ofAnswer(error, task, settings);
  if (isFileError(error)) return ofFile(error, task);
  const reason = systemCode(error) ?? causeOfFetch(error);
  if (reason !== undefined)
    return new HubError(
      "unreachable",
      `${shownHub(settings)} cannot be reached for ${task.doing} the ${shownRepo(task.repo)} (${clean(reason, settings)}${shownTries(task)}): check the network, and HF_ENDPOINT.`,
    );
  if (error instanceof SyntaxError || error instanceof InvalidApiResponseFormatError)
    return new HubError(
      "refused",
      `${shownHub(settings)} answered ${task.doing} the ${shownRepo(task.repo)} with something else than a Hub does: check HF_ENDPOINT.`,
    );
  const words = error instanceof Error ? error.message : String(error);
  return new HubError(
    "refused",
    `${capitalised(task.doing)} the ${shownRepo(task.repo)} failed: ${clean(words, settings)}`,
  );
}

function ofAnswer(error: HubApiError, task: HubTask, settings: HubSettings): HubError {
  const { statusCode, requestId } = error;
  const urlPath = URL.canParse(error.url) ? new URL(error.url).pathname : undefined;
  const answer = { statusCode, requestId, urlPath };
  const [failure, message] = reasonOf(error, task, settings);
  return new HubError(failure, message, answer);
}

function reasonOf(error: HubApiError, task: HubTask, settings: HubSettings): [HubFailure, string] {
  const { statusCode: status } = error;
  const hub = shownHub(settings);
  const repo = shownRepo(task.repo);
  const hasToken = settings.accessToken !== undefined;
  const said = `status ${status}: ${clean(error.message, settings)}${shownTries(task)}`;
  const code = error.data?.["errorCode"];
  if (code === "RevisionNotFound")
    return [
      "no-revision",
      `The ${repo} has no revision "${task.revision ?? "main"}"; expected a branch, a tag or a whole commit.`,
    ];
  if (code === "EntryNotFound") return ["no-file", `The ${repo} lacks a file that was asked for (${said}).`];
  if (code === "GatedRepo")
    return [
      "not-allowed",
      `The ${repo} is gated: accept its conditions on the Hub, and set HF_TOKEN to a token of that account.`,
    ];
  if (status === 404 || code === "RepoNotFound") return noRepo(task, settings);
  // without a token the Hub does not say which repositories there are
  if (status === 401 && !hasToken) return noRepo(task, settings);
  if (status === 401)
    return [
      "not-allowed",
      `${hub} does not know the token (${said}): set HF_TOKEN to a valid one, from the Hub's settings, Access Tokens.`,
    ];
  if (status === 403)
    return [
      "not-allowed",
      `${hub} does not allow ${task.doing} the ${repo} with this token (${said}): set HF_TOKEN to one with the right to it.`,
    ];
  if (status === 402)
    return [
      "not-allowed",
      `${hub} wants to be paid for ${task.doing} the ${repo} (${said}): add credits or a card in its settings, Billing.`,
    ];
  const seconds = secondsToWait(error);
  if (status === 429 && seconds !== undefined)
    return ["unreachable", `${hub} is asked too often (${said}): try again in ${seconds} s.`];
  if (status === 429 || (status >= 500 && status !== 501 && status !== 507))
    return ["unreachable", `${hub} is out of order for now (${said}): try again later.`];
  return ["refused", `${hub} refused ${task.doing} the ${repo} (${said}).`];
}

function shownTries({ tries }: HubTask): string {
  return tries === undefined ? "" : `, tried ${tries} times`;
}

function noRepo({ repo }: HubTask, settings: HubSettings): [HubFailure, string] {
  const unless =
    settings.accessToken === undefined
      ? "or it is private: then set HF_TOKEN"
      : "or one that the token may not read";
  return ["no-repo", `${shownHub(settings)} has no ${shownRepo(repo)} (${unless}); check the name.`];
}

function ofFile(error: NodeJS.ErrnoException, task: HubTask): HubError {
  const { code = "", path: file } = error;
  const what = `${task.doing} the ${shownRepo(task.repo)}`;
  // only what is pulled goes into the cache
  const isPull = task.doing === "pulling";
  if (code === "ENOSPC" || code === "EDQUOT") {
    const elsewhere = isPull
      ? ", or set HF_HUB_CACHE to a folder on another disk. No half file was kept"
      : "";
    return new HubError("disk", `The disk is full (${code}) while ${what}: free space${elsewhere}.`);
  }
  const shown = file === undefined ? "A file" : shownPath(file);
  const elsewhere = isPull ? ", or set HF_HUB_CACHE" : "";
  return new HubError(
    "disk",
    `${shown} could not be read or written (${code}) while ${what}: check that it is there, and the rights to it${elsewhere}.`,
  );
}

/** Why fetch did not ask at all, which it hides in the cause of a TypeError. */
function causeOfFetch(error: unknown): string | undefined {
  return error instanceof TypeError && error.cause instanceof Error ? error.cause.message : undefined;
}

/** Words of others on one line; a Hub may repeat the token that it was sent. */
function clean(words: string, { accessToken }: HubSettings): string {
  const hidden = accessToken === undefined ? words : words.replaceAll(accessToken, "hf_***");
  return hidden.replace(/\s+/g, " ").trim().slice(0, 300);
}

/** The same words as the beginning of a sentence. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
