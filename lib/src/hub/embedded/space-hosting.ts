import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { HubCall, type Hub } from "./hub-call";
import { PLURALS } from "./names";
import { entryNotFound, HubRefusal } from "./refusal";
import { sendFile } from "./send-file";
import { spaceCard, spaceSubdomain, type SpaceCard } from "./space-card";

/** The last part of the names under which static Spaces are served: browsers take all of `localhost` for this machine. */
const SPACES_HOST = "static.localhost";
/** What a browser must be told of a file, by the end of its name; it obeys, for `nosniff` is said too. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
};

/** Where a static Space runs, as its Hub's client sees it: an origin of its own, so that its scripts cannot act on the Hub's pages. */
export function spaceHost(endpoint: string, name: string): string {
  const { protocol, port } = new URL(endpoint);
  return `${protocol}//${spaceSubdomain(name)}.${SPACES_HOST}${port && `:${port}`}`;
}

/** The part of a request's host that names a Space, or undefined if it asks the Hub itself. */
export function askedSubdomain({ headers: { host = "" } }: IncomingMessage): string | undefined {
  return /^([a-z0-9-]+)\.static\.localhost(:\d+)?$/.exec(host)?.[1];
}

/**
 * Answers with a file of a static Space, as `*.static.hf.space` does.
 *
 * @throws HubRefusal (404) if there is no such Space or file, (401) if it is private and there is no token, (405) for writing
 */
export async function serveSpace(params: {
  hub: Hub;
  subdomain: string;
  request: IncomingMessage;
  response: ServerResponse;
}): Promise<void> {
  const { hub, subdomain, request, response } = params;
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new HubRefusal("A static Space is read alone.", { status: 405, headers: { Allow: "GET, HEAD" } });
  const named = hub.store.list("space").find(({ id }) => spaceSubdomain(id.name) === subdomain);
  if (!named) throw new HubRefusal("There is no such Space.", { status: 404, code: "RepoNotFound" });
  const [namespace = "", name = ""] = named.id.name.split("/");
  const parameters = new Map([
    ["type", PLURALS.space],
    ["namespace", namespace],
    ["name", name],
  ]);
  const call = new HubCall({ hub, request, response, parameters, query: new URLSearchParams() });
  const repository = call.repository();
  const commit = await repository.commitAt("main");
  const card = await spaceCard(repository, commit);
  if (card.sdk !== "static")
    throw new HubRefusal(`The embedded Hub runs static Spaces alone; this one is for ${card.sdk}.`, {
      status: 404,
    });
  const file = askedFile(request, card);
  const entry = commit.files.get(file);
  if (!entry) throw entryNotFound();
  await sendFile(call, await repository.contentOf(entry), {
    ...card.customHeaders,
    ETag: `"${entry.lfs?.oid ?? entry.oid}"`,
    "Cache-Control": "no-cache",
    "Content-Type": CONTENT_TYPES[path.extname(file).toLowerCase()] ?? "application/octet-stream",
  });
}

/** The file of an address; a folder's is its index.html. */
function askedFile(request: IncomingMessage, { appFile }: SpaceCard): string {
  try {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/") return appFile;
    return decodeURIComponent(pathname.slice(1)).replace(/\/$/, "/index.html");
  } catch {
    throw entryNotFound();
  }
}
