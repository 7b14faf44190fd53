import type { ServerResponse } from "node:http";
import type { Serving } from "./serving";

/** What is sent to a client. */
export interface Sent {
  status: number;
  headers?: Record<string, string> | undefined;
}

/** Sends JSON. */
export function sendJson(serving: Serving, response: ServerResponse, sent: Sent & { body: unknown }): void {
  const headers = { "Content-Type": "application/json; charset=utf-8", ...sent.headers };
  sendText(serving, response, { ...sent, headers, text: JSON.stringify(sent.body) });
}

/** Sends a text; a client that does not take it in time is cut off. */
export function sendText(serving: Serving, response: ServerResponse, sent: Sent & { text: string }): void {
  const { status, headers, text } = sent;
  response.writeHead(status, {
    ...headers,
    "Content-Length": Buffer.byteLength(text),
    ...(serving.isDraining ? { Connection: "close" } : {}),
  });
  const timer = setTimeout(() => response.destroy(), serving.limits.takingSeconds * 1000).unref();
  response.once("close", () => {
    clearTimeout(timer);
  });
  response.end(text);
}
