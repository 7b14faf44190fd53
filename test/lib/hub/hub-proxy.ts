import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What a bad network does to an answer: other bytes, bytes and then silence, or bytes and then a broken connection. */
export type Mishap =
  | { bytes: Uint8Array }
  | { stallAfter: number }
  | { breakAfter: number }
  | { status: number; text?: string; headers?: Record<string, string> };

/** A network between a client and a Hub, in which something may go wrong. */
export interface HubProxy {
  readonly endpoint: string;
  /** Method and address of every request, in order. */
  readonly requests: string[];
  /** The `Range` of every request that had one, in order. */
  readonly ranges: string[];
  /** Bytes of all answers' bodies. */
  served: number;
  /** What happens to an answer; nothing as long as it is not set. */
  mishap:
    ((url: string, body: Buffer, authorization: string) => Mishap | Promise<Mishap> | undefined) | undefined;
  /** Which requests do not come through: they are answered with status 503. */
  outage: ((url: string) => boolean) | undefined;
  /** Called with every request that comes through. */
  onRequest: (url: string, body: Buffer) => void;
  /** Called when half of an answer was sent and nothing more will come. */
  onStall: () => void;
  close(): Promise<void>;
}

/** Starts a proxy on loopback that passes everything on to a Hub. */
export async function startHubProxy(target: string): Promise<HubProxy> {
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    proxy.requests.push(`${request.method ?? ""} ${url}`);
    if (request.headers.range) proxy.ranges.push(request.headers.range);
    if (proxy.outage?.(url)) {
      response.writeHead(503).end();
      return;
    }
    void buffer(request).then(async (body) => {
      proxy.onRequest(url, body);
      const answer = await fetch(target + url, {
        method: request.method ?? "GET",
        headers: passedOn(request.headers),
        ...(body.length > 0 && { body }),
      });
      const content = Buffer.from(await answer.arrayBuffer());
      const mishap = await proxy.mishap?.(url, content, request.headers.authorization ?? "");
      const passed = [...answer.headers].filter(([name]) =>
        /^(content-type|content-range|x-|etag|link)/.test(name),
      );
      send(response, { status: answer.status, headers: Object.fromEntries(passed), content, mishap });
    });
  });
  const send = (
    response: ServerResponse,
    answer: { status: number; headers: Record<string, string>; content: Buffer; mishap: Mishap | undefined },
  ): void => {
    const { content, mishap = { bytes: content } } = answer;
    const isRefusal = "status" in mishap;
    response.writeHead(isRefusal ? mishap.status : answer.status, {
      ...answer.headers,
      ...(isRefusal && mishap.headers),
    });
    proxy.served += "breakAfter" in mishap ? mishap.breakAfter : content.length;
    if ("bytes" in mishap) response.end(mishap.bytes);
    else if ("status" in mishap) response.end(mishap.text);
    else if ("stallAfter" in mishap)
      response.write(content.subarray(0, mishap.stallAfter), () => {
        proxy.onStall();
      });
    else response.write(content.subarray(0, mishap.breakAfter), () => response.destroy());
  };
  const proxy: HubProxy = {
    endpoint: "",
    requests: [],
    ranges: [],
    served: 0,
    mishap: undefined,
    outage: undefined,
    onRequest: () => undefined,
    onStall: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(proxy, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** What the connection to the Hub says about itself is not the client's. */
function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => !["host", "connection"].includes(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}
