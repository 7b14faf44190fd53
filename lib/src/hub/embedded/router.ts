import type { IncomingMessage, ServerResponse } from "node:http";
import { HubCall, type Hub } from "./hub-call";
import { PLURALS } from "./names";
import { badRequest, HubRefusal } from "./refusal";

/** What answers a request. */
export type Handler = (call: HubCall) => Promise<void> | void;

/** One address of the protocol: parts in braces are named, `{path...}` takes all that follow. */
export interface Route {
  method: string;
  pattern: string;
  handler: Handler;
}

/** Addresses under /api/models/{namespace}/{name}, and the same for data sets and Spaces. */
export function apiRoute(method: string, rest: string, handler: Handler): Route {
  return { method, pattern: `/api/{type}/{namespace}/{name}${rest}`, handler };
}

/** Addresses under a repository's page, on which models have no prefix. */
export function pageRoutes(method: string, rest: string, handler: Handler): Route[] {
  return ["", "/{type}"].map((prefix) => ({
    method,
    pattern: `${prefix}/{namespace}/{name}${rest}`,
    handler,
  }));
}

/**
 * Finds the route of a request and lets it answer.
 *
 * @throws HubRefusal (404) for an address that is not of the protocol, or not of its part that is embedded
 */
export async function dispatch(params: {
  hub: Hub;
  routes: readonly Route[];
  request: IncomingMessage;
  response: ServerResponse;
}): Promise<void> {
  const { hub, routes, request, response } = params;
  const [address = "", query] = (request.url ?? "").split("?", 2);
  const parts = address.split("/").slice(1).map(decoded);
  const method = request.method === "HEAD" ? "GET" : request.method;
  for (const route of routes) {
    const parameters = route.method === method ? match(route.pattern, parts) : undefined;
    if (!parameters) continue;
    const call = new HubCall({ hub, request, response, parameters, query: new URLSearchParams(query) });
    await route.handler(call);
    return;
  }
  throw new HubRefusal(`The embedded Hub has no ${request.method ?? ""} at this address.`, { status: 404 });
}

/** The named parts of an address, or undefined if it does not fit the pattern. */
function match(pattern: string, parts: readonly string[]): Map<string, string> | undefined {
  const wanted = pattern.split("/").slice(1);
  const parameters = new Map<string, string>();
  for (const [index, want] of wanted.entries()) {
    const name = /^\{(\w+)(\.\.\.)?\}$/.exec(want);
    if (name?.[2]) {
      parameters.set(name[1] ?? "", parts.slice(index).join("/"));
      return parameters;
    }
    const part = parts[index];
    if (part === undefined || (name ? !fits(name[1], part) : part !== want)) return undefined;
    if (name) parameters.set(name[1] ?? "", part);
  }
  return parts.length === wanted.length ? parameters : undefined;
}

function fits(name: string | undefined, part: string): boolean {
  return name === "type" ? Object.values(PLURALS).includes(part) : part !== "";
}

/** Each part by itself: an encoded slash is part of a name, as in a branch's. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest("The address is not percent-encoded UTF-8.");
  }
}
