import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { HUB_URL } from "@huggingface/hub";
import { ArgumentError } from "../runtime/errors";
import { isLoopbackHost } from "../runtime/loopback";
import { shownPath } from "../runtime/repository";
import { RETRY_DELAYS } from "./retries";

/** Which Hub to ask, as whom, and where what it gave is kept; by default what huggingface_hub takes. */
export interface HubOptions {
  /** Address of the Hub; by default `HF_ENDPOINT`, or else Hugging Face's. */
  endpoint?: string;
  /** Access token; by default `HF_TOKEN`, or else what `hf auth login` saved. */
  token?: string;
  /** Cache that Python shares; by default `HF_HUB_CACHE`, or else `hub` in `HF_HOME`. */
  cacheDir?: string;
  /** What sends the requests, such as one that goes through a proxy. */
  fetch?: typeof fetch;
  /**
   * Milliseconds to wait before each further try of what failed on its way, or at a Hub that is out of order; by default 1, 2, 4
   * and 8 seconds. None: everything is tried once.
   */
  retryDelays?: readonly number[];
}

/** {@link HubOptions} with everything said. */
export interface HubSettings {
  /** Without a slash at its end. */
  hubUrl: string;
  accessToken: string | undefined;
  cacheDir: string;
  /** The variable that forbids asking the Hub, if one does. */
  offlineBy: string | undefined;
  fetch: typeof fetch;
  /** In milliseconds. */
  retryDelays: readonly number[];
}

const TOKEN = /^hf_[!-~]+$/;

/**
 * Completes options as huggingface_hub does (its constants.py and utils/_auth.py). What is set to nothing counts as not set.
 *
 * @throws ArgumentError if the endpoint is no address, the token no token, or its file cannot be read
 */
export function hubSettings(options: HubOptions = {}): HubSettings {
  const hubUrl = checkEndpoint(options.endpoint || process.env["HF_ENDPOINT"] || HUB_URL);
  return {
    hubUrl,
    accessToken: checkToken(options.token?.trim() || tokenOfSurroundings()),
    cacheDir: path.resolve(expandHome(options.cacheDir || cacheOfSurroundings())),
    offlineBy: offlineBy(hubUrl),
    // taken when it is called, so that a program may still replace the global one
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    retryDelays: options.retryDelays ?? RETRY_DELAYS,
  };
}

function offlineBy(hubUrl: string): string | undefined {
  // what is asked on loopback, as the embedded Hub is, goes over no network
  if (isLoopbackHost(new URL(hubUrl).hostname)) return undefined;
  return ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].find((name) =>
    /^(1|on|yes|true)$/i.test(process.env[name] ?? ""),
  );
}

function tokenOfSurroundings(): string | undefined {
  for (const name of ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]) {
    const token = process.env[name]?.trim();
    if (token) return token;
  }
  const file = expandHome(process.env["HF_TOKEN_PATH"] || path.join(hfHome(), "token"));
  if (!existsSync(file)) return undefined;
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ArgumentError(
      `The Hub token's file ${shownPath(file)} cannot be read (${code}); expected what \`hf auth login\` saved: run it again, or set HF_TOKEN.`,
    );
  }
}

function cacheOfSurroundings(): string {
  return process.env["HF_HUB_CACHE"] || process.env["HUGGINGFACE_HUB_CACHE"] || path.join(hfHome(), "hub");
}

function hfHome(): string {
  const cache = process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache");
  return process.env["HF_HOME"] || path.join(cache, "huggingface");
}

function expandHome(folder: string): string {
  return folder.replace(/^~(?=$|\/)/, os.homedir());
}

function checkEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  // an address with a password in it is not shown
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new ArgumentError(
      "The Hub's endpoint (HF_ENDPOINT) is no address; expected one that begins with http:// or https://, without a password.",
    );
  return endpoint.replace(/\/+$/, "");
}

/** A character that a header may not hold would make fetch name the whole header, and so the token. */
function checkToken(token: string | undefined): string | undefined {
  if (token !== undefined && !TOKEN.test(token))
    throw new ArgumentError(
      "The Hub token (HF_TOKEN) is no token; expected hf_ and then letters and digits, as the Hub's settings show it.",
    );
  return token;
}
