import type { IncomingMessage, ServerResponse } from "node:http";
import { LibError } from "../runtime/errors";
import { checkCaller, checkOrigin, checkToken } from "./access";
import { classify } from "./classify-route";
import { ServingRefusal } from "./refusal";
import { sendJson, sendText } from "./send";
import type { Serving } from "./serving";

type Route = (serving: Serving, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Answers one request, whatever it is: a refusal is an answer too. */
export async function answer(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // what comes later of a body that nobody wants, and a client that breaks off, are no errors of this process
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  const isClassification = request.method === "POST";
  try {
    await routeOf(serving, request)(serving, request, response);
  } catch (error) {
    // half an answer cannot be taken back, and a client that has gone hears none
    const isGone = response.destroyed || (request.destroyed && !request.complete);
    if (response.headersSent || isGone) response.destroy();
    else refuse(serving, response, error);
  } finally {
    if (isClassification)
      serving.metrics.requests.inc({ status: response.headersSent ? response.statusCode : 499 });
    // the next request of this connection begins behind this one's body
    request.resume();
  }
}

/** @throws ServingRefusal for a path (404) or a method (405) that the server has not, or one that may not ask (401, 403, 421) */
function routeOf(serving: Serving, request: IncomingMessage): Route {
  if (serving.isLocal) checkCaller(request);
  else if (serving.token === undefined) checkOrigin(request);
  const path = pathOf(request);
  // a probe holds no token
  if (serving.token !== undefined && path !== "/health") checkToken(request, serving.token);
  const routes = routesOf(serving, path);
  const route = routes[request.method === "HEAD" ? "GET" : (request.method ?? "")];
  if (route) return route;
  const allowed = Object.keys(routes).join(", ");
  throw new ServingRefusal(
    `Method ${request.method ?? ""} is not allowed for ${path}; expected ${allowed}.`,
    {
      status: 405,
      headers: { Allow: allowed },
    },
  );
}

function routesOf({ id }: Serving, path: string): Record<string, Route> {
  if (path === "/") return { GET: info, POST: classify };
  if (path === "/health") return { GET: health };
  if (path === "/metrics") return { GET: metrics };
  const [, model] = /^\/models\/(.+?)\/?$/.exec(path) ?? [];
  if (model === undefined)
    throw new ServingRefusal(`There is no ${path.slice(0, 100)}; expected / or /models/${id}.`, {
      status: 404,
    });
  if (model !== id)
    throw new ServingRefusal(`Model ${model.slice(0, 100)} does not exist; this server has ${id}.`, {
      status: 404,
    });
  return { GET: info, POST: classify };
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const [path = "/"] = url.split("?");
  try {
    return decodeURIComponent(path) || "/";
  } catch {
    throw new ServingRefusal("The path is not encoded as a URL's; expected UTF-8 after each %.", {
      status: 400,
    });
  }
}

const info: Route = async (serving, _request, response) => {
  const { id, keeper, limits } = serving;
  const model = keeper.isReady ? await serving.model : undefined;
  const state = serving.isDraining ? "ending" : model ? "ready" : "loading";
  const known = model && {
    ...(model.revision !== undefined && { revision: model.revision }),
    ...{ labels: model.labels, max_length: model.maxLength, function_to_apply: model.apply },
  };
  const { bodyBytes, textsPerRequest, charactersPerText } = limits;
  sendJson(serving, response, {
    status: 200,
    body: {
      ...{ model: id, task: "text-classification", state, ...known },
      limits: { body_bytes: bodyBytes, texts: textsPerRequest, characters_per_text: charactersPerText },
    },
  });
};

const health: Route = (serving, _request, response) => {
  const state = serving.isDraining ? "ending" : serving.keeper.isReady ? "ready" : "loading";
  sendJson(serving, response, { status: state === "ready" ? 200 : 503, body: { status: state } });
  return Promise.resolve();
};

const metrics: Route = async (serving, _request, response) => {
  const { text, contentType } = await serving.metrics.page();
  sendText(serving, response, { status: 200, headers: { "Content-Type": contentType }, text });
};

function refuse(serving: Serving, response: ServerResponse, error: unknown): void {
  const refusal =
    error instanceof ServingRefusal
      ? error
      : new ServingRefusal(`The server failed: ${reasonOf(error)}`, { status: 500 });
  const { status, headers, body } = refusal.params;
  sendJson(serving, response, { status, headers, body: { error: refusal.message, ...body } });
}

/** What a failure of this machine is to a client: of one that is not lib's own its kind alone, for it may say where files lie. */
function reasonOf(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  return error instanceof LibError ? message : (code ?? name);
}
